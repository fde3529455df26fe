import { customOp, rand, randn, relu, tensor, type Tensor } from '@gradtape/core'
import { describe, expect, test } from 'vitest'
import { gradcheck, gradgradcheck, GradcheckError } from '../../src/index.ts'

const leaf = (data: number[], shape: number[] = [data.length]): Tensor =>
  tensor(data, { shape, dtype: 'float64', requiresGrad: true }) as Tensor
const x = (): Tensor => leaf([0.5, -1.25, 2, 3, -0.5, 1], [2, 3])

function failureOf(check: () => unknown): GradcheckError {
  try {
    check()
  } catch (error) {
    if (error instanceof GradcheckError) return error
    throw error
  }
  throw new Error('the check found nothing')
}

const reasonOf = (check: () => unknown): string => failureOf(check).reason

describe('runs and passes that do not repeat', () => {
  test('in their values', () => {
    const noisy = (a: Tensor): Tensor => a.mul(randn([3], { dtype: 'float64' }))
    expect(reasonOf(() => gradcheck(noisy, [x()]))).toBe('nondeterministic')
  })

  test('in their gradients', () => {
    let calls = 0
    const drifting = customOp({
      forward: (a: Tensor) => a.square(),
      vjp: (ct, { inputs: [a] }) => ct.mul(a).mul(2 + 1e-9 * calls++),
    })
    expect(() => gradcheck(drifting, [x()])).toThrow(/a backward pass does not repeat/)
    expect(gradcheck(drifting, [x()], { nondetTol: 1e-5 })).toBe(true)
  })

  test('but for draws that are the same each time', () => {
    const mask = rand([3], { dtype: 'float64' })
    expect(gradcheck((a) => a.mul(mask), [x()])).toBe(true)
  })
})

describe('pullbacks', () => {
  test('that are right for cotangents of 0 and 1 only', () => {
    const squared = customOp({
      forward: (a: Tensor) => a.exp(),
      vjp: (ct, { output }) => ct.mul(ct).mul(output),
    })
    expect(reasonOf(() => gradcheck(squared, [x()]))).toBe('nonlinear')
  })

  test('that read strided cotangents as if they were contiguous', () => {
    const raw = customOp({
      forward: (a: Tensor) => a.mul(2),
      vjp: (ct) => {
        const { storage, shape, numel } = ct as unknown as {
          storage: { array: Float64Array }
          shape: number[]
          numel: number
        }
        const start = storage.array.length >= numel ? storage.array.slice(0, numel) : null
        return start === null ? ct.mul(2) : tensor(start, { shape }).mul(2)
      },
    })
    expect(reasonOf(() => gradcheck(raw, [x()]))).toBe('nonlinear')
  })

  test('that take expanded cotangents for others', () => {
    const expanded = customOp({
      forward: (a: Tensor) => a.mul(2),
      vjp: (ct) => (ct.layout.strides.every((s) => s === 0) ? ct.mul(3) : ct.mul(2)),
    })
    expect(reasonOf(() => gradcheck(expanded, [x()]))).toBe('strided')
  })
})

describe('strided inputs', () => {
  test('that change the values or the gradient', () => {
    const value = (a: Tensor): Tensor => (a.layout.isContiguous ? a.exp() : a.exp().mul(2))
    const slope = customOp({
      forward: (a: Tensor) => a.exp(),
      vjp: (ct, { inputs: [a], output }) => ct.mul(output).mul(a.layout.isContiguous ? 1 : 2),
    })
    expect(reasonOf(() => gradcheck(value, [x()]))).toBe('strided')
    expect(reasonOf(() => gradcheck(slope, [x()]))).toBe('strided')
  })

  test('that are refused, as by view', () => {
    expect(gradcheck((a) => a.view([6]).exp(), [x()])).toBe(true)
  })
})

describe('forward mode', () => {
  const definition = {
    forward: (a: Tensor) => a.square(),
    vjp: (ct: Tensor, { inputs: [a] }: { inputs: readonly [Tensor] }) => ct.mul(a).mul(2),
  }
  const right = customOp({
    ...definition,
    jvp: ([t]: readonly [Tensor], { inputs: [a] }) => t.mul(a).mul(2),
  })
  const wrong = customOp({ ...definition, jvp: ([t]: readonly [Tensor]) => t })
  const none = customOp(definition)

  test('that is not the adjoint', () => {
    expect(gradcheck(right, [x()], { checkForwardAd: true })).toBe(true)
    expect(reasonOf(() => gradcheck(wrong, [x()]))).toBe('forward')
    expect(gradcheck(wrong, [x()], { checkForwardAd: false })).toBe(true)
  })

  test('that is missing', () => {
    expect(gradcheck(none, [x()])).toBe(true)
    expect(() => gradcheck(none, [x()], { checkForwardAd: true })).toThrow(/has no jvp/)
  })

  test('of the gradient', () => {
    expect(gradgradcheck((a) => a.tanh(), [x()], { checkForwardAd: true })).toBe(true)
    const onceOnly = customOp({
      ...definition,
      vjp: (ct, { inputs: [a] }) => mismatched(a).mul(ct),
      jvp: ([t]: readonly [Tensor], { inputs: [a] }) => t.mul(a).mul(2),
    })
    // Twice its input, with a forward mode that says three times.
    const mismatched = customOp({
      forward: (a: Tensor) => a.mul(2),
      vjp: (ct) => ct.mul(2),
      jvp: ([t]: readonly [Tensor]) => t.mul(3),
    })
    expect(gradcheck(onceOnly, [x()])).toBe(true)
    expect(reasonOf(() => gradgradcheck(onceOnly, [x()]))).toBe('forward')
  })
})

describe('pullbacks under vmap', () => {
  test('that give what a loop gives', () => {
    expect(gradcheck((a) => a.tanh().sum(0), [x()], { checkBatchedGrad: true })).toBe(true)
    expect(gradgradcheck((a) => a.tanh(), [x()], { checkBatchedGrad: true })).toBe(true)
  })

  test('that give something else', () => {
    const isBatch = (ct: Tensor): boolean => {
      try {
        return ct.data.length < 0
      } catch {
        return true
      }
    }
    const other = customOp({
      forward: (a: Tensor) => a.mul(2),
      vjp: (ct) => ct.mul(isBatch(ct) ? 3 : 2),
    })
    expect(gradcheck(other, [x()])).toBe(true)
    expect(reasonOf(() => gradcheck(other, [x()], { checkBatchedGrad: true }))).toBe('batched')
  })
})

describe('fast mode', () => {
  test('passes what is right, and finds and locates what is wrong', () => {
    expect(gradcheck(relu, [x()], { fastMode: true })).toBe(true)
    const f = (a: Tensor): Tensor => a.mul(a.detach())
    expect(() => gradcheck(f, [x()], { fastMode: true })).toThrow(
      /gradient of input 0 at \[\d, \d\], for the output at \[\d, \d\] .*6 of 36 derivatives/,
    )
    expect(reasonOf(() => gradgradcheck(f, [x()], { fastMode: true }))).toBe('derivative')
    expect(gradgradcheck(relu, [x()], { fastMode: true })).toBe(true)
  })

  test('passes at kinks by comparing entries', () => {
    const at = leaf([0, ...Array.from({ length: 20 }, (_, i) => i + 1)])
    expect(gradcheck(relu, [at], { fastMode: true })).toBe(true)
    expect(() => gradcheck(relu, [at], { fastMode: true, maxKinks: 0 })).toThrow(
      /a kink at 1 of 21/,
    )
  })
})

describe('many derivatives', () => {
  const numbers = Float64Array.from({ length: 10_000 }, (_, i) => 2 * Math.sin(i))
  const many = tensor(numbers, { shape: [100, 100], requiresGrad: true })

  test('one of which is wrong', () => {
    const hole = customOp({
      forward: (a: Tensor) => a.tanh(),
      vjp: (ct, { output }) => {
        const slopes = output.square().neg().add(1).toTypedArray() as Float64Array
        slopes[4711] = 1
        return ct.mul(tensor(slopes, { shape: [...output.shape] }))
      },
    })
    expect(gradcheck((a) => a.tanh(), [many])).toBe(true)
    const { worst } = failureOf(() => gradcheck(hole, [many]))
    expect(worst).toMatchObject({ input: 'input 0', index: [47, 11], found: 1 })
    expect(worst!.output).toEqual({ output: 0, index: [47, 11] })
    expect(worst!.expected).toBeCloseTo(1 - Math.tanh(numbers[4711]) ** 2, 6)
  })

  test('at kinks, of which there may be some', () => {
    const some = tensor(numbers.with(0, 0), { requiresGrad: true })
    expect(gradcheck(relu, [some])).toBe(true)
    const half = tensor(
      numbers.map((v, i) => (i % 2 === 0 ? 0 : v)),
      { requiresGrad: true },
    )
    expect(reasonOf(() => gradcheck(relu, [half]))).toBe('kinks')
  })
})

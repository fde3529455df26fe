import { customOp, RandomGenerator, tensor, where, type Tensor } from '@gradtape/core'
import { describe, expect, test } from 'vitest'
import { randomNumbers } from '../../src/gradcheck/random.ts'
import { gradcheck, GradcheckError } from '../../src/index.ts'

const leaf = (data: number[], shape: number[] = [data.length]): Tensor =>
  tensor(data, { shape, dtype: 'float64', requiresGrad: true }) as Tensor

function failureOf(check: () => unknown): GradcheckError {
  try {
    check()
  } catch (error) {
    if (error instanceof GradcheckError) return error
    throw error
  }
  throw new Error('the check found nothing')
}

/** The hints of the report, in order. */
function hintsOf(f: (...inputs: Tensor[]) => object, ...inputs: Tensor[]): string[] {
  const { message } = failureOf(() => gradcheck(f, inputs))
  return [...message.matchAll(/^ {2}hint: (.*)$/gm)].map(([, hint]) => hint)
}

/** The cube of its input, with a derivative of its own. */
const cube = (slope: (x: Tensor) => Tensor): ((x: Tensor) => Tensor) =>
  customOp({
    forward: (x: Tensor) => x.pow(3),
    vjp: (ct, { inputs: [x] }) => ct.mul(slope(x)),
  })
const right = (x: Tensor): Tensor => x.square().mul(3)
const x = (): Tensor => leaf([0.5, -1.25, 2, -0.75])

describe('hints', () => {
  test.each<[string, (x: Tensor) => Tensor, Tensor, RegExp]>([
    ['the sign', (a) => right(a).neg(), x(), /^the sign is turned$/],
    ['a factor', (a) => right(a).mul(1.5), x(), /are 1.5 times those expected$/],
    ['a size', (a) => right(a).mul(4), x(), /are 4 times those expected, and 4 is a size/],
    ['a mean', (a) => right(a).div(4), x(), /are 0.25 times those expected, and 4 is a size/],
    ['NaN', (a) => right(a).div(a.square()).mul(a.square()), leaf([0, 1, 2]), /no finite number/],
    ['no dependence', (a) => a.mul(0), x(), /knows of no dependence/],
    ['a small term', (a) => right(a).mul(a.mul(1e-5).add(1)), x(), /^nearly right/],
  ])('%s', (_, slope, input, hint) => {
    expect(hintsOf(cube(slope), input)[0]).toMatch(hint)
  })

  test('the sign of the input', () => {
    const f = (sign: number) => cube((a) => where(a.mul(sign).gt(0), right(a).add(a), right(a)))
    expect(hintsOf(f(1), x())).toEqual(['wrong only where the input is positive'])
    expect(hintsOf(f(-1), x())).toEqual(['wrong only where the input is negative'])
    const atZero = (a: Tensor): Tensor => a.add(where(a.eq(0), a, a.detach()))
    const data = [0, 1, -2, 0]
    expect(hintsOf((a) => atZero(a).sub(a.detach()).add(a), leaf(data)).at(-1)).toMatch(
      /only where the input is/,
    )
  })

  test('one element', () => {
    const values = Float64Array.of(0, 0, 1, 0)
    const f = cube((a) => right(a).add(tensor(values).mul(a)))
    expect(hintsOf(f, x())).toContain('all is right but for one element, input 0 at [2]')
  })

  test('one input, which is broadcast', () => {
    const scaled = customOp({
      forward: (a: Tensor, b: Tensor) => a.mul(b),
      vjp: (ct, { inputs: [a, b] }) => [ct.mul(b), ct.mul(a).mean(0)],
    })
    const hints = hintsOf(scaled as never, leaf([1, 2, 3, 4, 5, 6], [3, 2]), leaf([0.5, 2]))
    expect(hints.at(-1)).toMatch(
      /^only the gradient of input 1 is wrong; it is smaller than the output/,
    )
  })

  test('are not given where nothing is common', () => {
    expect(
      hintsOf(
        cube((a) => right(a).add(a.sin())),
        x(),
      ),
    ).toEqual([])
  })
})

test('random directions have both signs, and numbers from 1 to 1.5', () => {
  const drawn = [...randomNumbers(200, new RandomGenerator(0))]
  expect(drawn.every((u) => Math.abs(u) >= 1 && Math.abs(u) <= 1.5)).toBe(true)
  expect(drawn.filter((u) => u < 0).length).toBeGreaterThan(60)
  expect(drawn.filter((u) => u > 0).length).toBeGreaterThan(60)
})

describe('a report', () => {
  const f = cube((a) => right(a).add(a.sin()))

  test('lists the five worst entries, the worst first', () => {
    const many = leaf(Array.from({ length: 8 }, (_, i) => 1 + i / 3))
    const { message, wrong, worst } = failureOf(() => gradcheck((a: Tensor) => f(a), [many]))
    expect(message.match(/^ {2}input 0 at /gm)).toHaveLength(4)
    expect(wrong).toHaveLength(8)
    expect(worst).toBe(wrong[0])
    const excess = wrong.map((w) => Math.abs(w.found - w.expected) / w.tolerance)
    expect(excess).toEqual(excess.toSorted((a, b) => b - a))
  })

  test('keeps a hundred', () => {
    const many = leaf(Array.from({ length: 150 }, (_, i) => 1 + i / 30))
    const { message, wrong } = failureOf(() => gradcheck(f, [many]))
    expect(wrong).toHaveLength(100)
    expect(message).toMatch(/15\d of 22500 derivatives disagree|150 of 22500 derivatives disagree/)
  })

  test('says how to repeat it', () => {
    const { message } = failureOf(() => gradcheck(f, [x()], { seed: 3, eps: 1e-3 }))
    const call = /^ {2}repeat: (.*)$/m.exec(message)![1]
    expect(call).toBe(
      "gradcheck(f, [tensor([0.5, -1.25, 2, -0.75], { shape: [4], dtype: 'float64', requiresGrad: true })], { seed: 3, eps: 0.001 })",
    )
    const run = new Function('gradcheck', 'tensor', 'f', `return ${call}`)
    expect(() => run(gradcheck, tensor, f)).toThrow(message)
    const large = leaf(Array.from({ length: 30 }, (_, i) => 1 + i))
    expect(failureOf(() => gradcheck(f, [large])).message).toMatch(
      /\(a float64 tensor of shape \[30\]\)/,
    )
  })

  test('names the function, the input and the output', () => {
    const twoOutputs = (_: Tensor, a: Tensor): object => [a.exp(), f(a)]
    const { message, worst } = failureOf(() => gradcheck(twoOutputs, [x(), x()]))
    expect(message).toMatch(
      /^gradcheck of twoOutputs: the gradient of input 1 at \[\d\], for output 1 at/,
    )
    expect(worst!.output!.output).toBe(1)
  })

  test('says where differences can not tell', () => {
    const rough = (a: Tensor): Tensor => a.add(1e11).sub(1e11)
    const { message, reason } = failureOf(() => gradcheck(rough, [x()]))
    expect(reason).toMatch(/undecided|derivative/)
    expect(message).toMatch(/can't tell|by differences/)
  })
})

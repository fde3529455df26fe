import {
  DTypeError,
  gradients,
  manualSeed,
  rand,
  randint,
  randn,
  ShapeError,
  tensor,
  ValueError,
  zeros,
  type Tensor,
} from '@gradtape/core'
import { functional as F } from '@gradtape/nn'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'

beforeEach(() => void manualSeed(7))

const float64 = { dtype: 'float64' } as const
const numbers = fc.array(
  fc.tuple(
    fc.double({ min: -9, max: 9, noNaN: true }),
    fc.double({ min: -9, max: 9, noNaN: true }),
  ),
  { minLength: 1, maxLength: 6 },
)
const unit = fc.array(
  fc.tuple(
    fc.double({ min: 0.01, max: 0.99, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ),
  { minLength: 1, maxLength: 6 },
)

type Loss = (input: Tensor, target: Tensor, options?: F.LossOptions) => Tensor

/** Demands that a loss is, element by element, what a formula of numbers says, under each reduction. */
function expectFormula(
  pairs: [number, number][],
  loss: Loss,
  formula: (x: number, y: number) => number,
): void {
  const [input, target] = [0, 1].map((i) => tensor(pairs.map((pair) => pair[i]), float64)) // prettier-ignore
  const each = pairs.map(([x, y]) => formula(x, y))
  const sum = each.reduce((a, b) => a + b, 0)
  const none = loss(input, target, { reduction: 'none' }).data
  each.forEach((value, i) => expect(none[i]).toBeCloseTo(value, 10))
  expect(loss(input, target, { reduction: 'sum' }).item()).toBeCloseTo(sum, 10)
  expect(loss(input, target).item()).toBeCloseTo(sum / each.length, 10)
}

describe('losses of pairs are their formulas', () => {
  const check = (
    pairs: fc.Arbitrary<[number, number][]>,
    loss: Loss,
    formula: (x: number, y: number) => number,
  ): void => fc.assert(fc.property(pairs, (some) => expectFormula(some, loss, formula)))
  const huber = (e: number, delta: number): number =>
    Math.abs(e) <= delta ? (e * e) / 2 : delta * (Math.abs(e) - delta / 2)

  test('mseLoss', () => check(numbers, F.mseLoss, (x, y) => (x - y) ** 2))
  test('l1Loss', () => check(numbers, F.l1Loss, (x, y) => Math.abs(x - y)))
  test('huberLoss', () => {
    check(numbers, F.huberLoss, (x, y) => huber(x - y, 1))
    const wide: Loss = (x, y, options) => F.huberLoss(x, y, { ...options, delta: 3.5 })
    check(numbers, wide, (x, y) => huber(x - y, 3.5))
  })
  test('smoothL1Loss', () => {
    check(numbers, F.smoothL1Loss, (x, y) => huber(x - y, 1))
    const narrow: Loss = (x, y, options) => F.smoothL1Loss(x, y, { ...options, beta: 0.25 })
    check(numbers, narrow, (x, y) => huber(x - y, 0.25) / 0.25)
    const absolute: Loss = (x, y, options) => F.smoothL1Loss(x, y, { ...options, beta: 0 })
    check(numbers, absolute, (x, y) => Math.abs(x - y))
  })
  test('binaryCrossEntropy', () =>
    check(unit, F.binaryCrossEntropy, (x, y) => -y * Math.log(x) - (1 - y) * Math.log1p(-x)))
  test('binaryCrossEntropyWithLogits', () =>
    check(numbers, F.binaryCrossEntropyWithLogits, (x, y) => {
      const softplus = (z: number): number => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))
      return y * softplus(-x) + (1 - y) * softplus(x)
    }))
})

describe('where formulas meet their limits', () => {
  test('the second derivative of huberLoss is 1 at an error of 0', () => {
    const x = tensor([0], { ...float64, requiresGrad: true })
    const [first] = gradients(F.huberLoss(x, zeros([1], float64)), [x], { createGraph: true })
    expect(gradients(first, [x])[0].toArray()).toEqual([1])
  })

  test.each(['float32', 'float64'] as const)('binaryCrossEntropy at 0 and 1, %s', (dtype) => {
    const x = tensor([0, 0, 1, 1, 1e-44], { dtype, requiresGrad: true })
    const y = tensor([0, 1, 0, 1, 1], { dtype })
    const losses = F.binaryCrossEntropy(x, y, { reduction: 'none' })
    // The fourth is -0.
    expect(losses.abs().toArray()).toEqual([0, 100, 100, 0, 100])
    losses.sum().backward()
    expect(x.grad!.toArray()).toEqual([1, 0, 0, -1, 0])
  })

  test('binaryCrossEntropy keeps the digits of small probabilities', () => {
    const x = tensor([1e-12], float64)
    expect(F.binaryCrossEntropy(x, zeros([1], float64)).item()).toBeCloseTo(1e-12, 22)
  })

  test.each(['float32', 'float64'] as const)(
    'huge logits neither overflow nor vanish, %s',
    (dtype) => {
      const x = tensor([1e4, -1e4, 1e4, -1e4], { dtype, requiresGrad: true })
      const y = tensor([1, 0, 0, 1], { dtype })
      const losses = F.binaryCrossEntropyWithLogits(x, y, { reduction: 'none' })
      expect(losses.toArray()).toEqual([0, 0, 1e4, 1e4])
      losses.sum().backward()
      expect(x.grad!.toArray()).toEqual([0, 0, 1, -1])
      const logits = tensor([[1e4, 0, -1e4]], { dtype, requiresGrad: true })
      const loss = F.crossEntropy(logits, tensor([2], { dtype: 'int32' }))
      loss.backward()
      expect(loss.item()).toBe(2e4)
      expect(logits.grad!.toArray()).toEqual([[1, 0, -1]])
    },
  )

  test('the mean of nothing is NaN, its sum 0', () => {
    const [x, y] = [zeros([0, 3]), zeros([0], { dtype: 'int32' })]
    expect(F.crossEntropy(x, y).item()).toBeNaN()
    expect(F.crossEntropy(x, y, { reduction: 'sum' }).item()).toBe(0)
    expect(F.mseLoss(x, x).item()).toBeNaN()
  })
})

describe('crossEntropy and nllLoss are their formulas', () => {
  /** Places, classes, and what is asked of them. */
  const settings = fc.record({
    n: fc.integer({ min: 1, max: 4 }),
    c: fc.integer({ min: 1, max: 4 }),
    d: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
    weighted: fc.boolean(),
    ignoring: fc.boolean(),
    labelSmoothing: fc.constantFrom(0, 0.1, 1),
  })

  test('labels', () => {
    fc.assert(
      fc.property(settings, ({ n, c, d, weighted, ignoring, labelSmoothing }) => {
        const behind = d === null ? [] : [d]
        const logits = randn([n, c, ...behind], float64)
        const labels = randint(0, c, [n, ...behind])
        const ignoreIndex = ignoring ? 0 : -100
        const weight = weighted ? rand([c], float64).add(0.1) : undefined
        const w = weight ? [...weight.data] : new Array<number>(c).fill(1)
        // Rows of classes, one for each label.
        const flat = (d === null ? logits : logits.transpose(1, 2)).reshape([-1, c])
        const rows = flat.logSoftmax(1).toArray() as number[][]
        const losses = [...labels.data].map((label, i) => {
          if (label === ignoreIndex) return 0
          const even = rows[i].reduce((total, log, k) => total - (w[k] * log) / c, 0)
          return (1 - labelSmoothing) * -w[label] * rows[i][label] + labelSmoothing * even
        })
        const total = losses.reduce((a, b) => a + b, 0)
        const counted = [...labels.data].reduce((s, l) => s + (l === ignoreIndex ? 0 : w[l]), 0)
        const options = { weight, labelSmoothing, ...(ignoring && { ignoreIndex }) }
        const of = (reduction: F.Reduction): Tensor =>
          F.crossEntropy(logits, labels, { ...options, reduction })
        expect(of('none').shape).toEqual(labels.shape)
        of('none').data.forEach((value, i) => expect(value).toBeCloseTo(losses[i], 10))
        expect(of('sum').item()).toBeCloseTo(total, 10)
        const mean = of('mean').item()
        const right = counted > 0 ? Math.abs(mean - total / counted) < 1e-10 : Number.isNaN(mean)
        expect(right).toBe(true)
      }),
    )
  })

  test('probabilities', () => {
    fc.assert(
      fc.property(settings, ({ n, c, d, weighted, labelSmoothing }) => {
        const shape = [n, c, ...(d === null ? [] : [d])]
        const logits = randn(shape, float64)
        const shares = rand(shape, float64)
        const weight = weighted ? rand([c], float64).add(0.1) : undefined
        const flat = (x: Tensor): number[][] =>
          (d === null ? x : x.transpose(1, 2)).reshape([-1, c]).toArray() as number[][]
        const [logs, wanted] = [flat(logits.logSoftmax(1)), flat(shares)]
        const losses = logs.map((row, i) =>
          row.reduce((total, log, k) => {
            const share = (1 - labelSmoothing) * wanted[i][k] + labelSmoothing / c
            return total - share * log * (weight?.data[k] ?? 1)
          }, 0),
        )
        const total = losses.reduce((a, b) => a + b, 0)
        const of = (reduction: F.Reduction): Tensor =>
          F.crossEntropy(logits, shares, { weight, labelSmoothing, reduction })
        expect(of('none').shape).toEqual(d === null ? [n] : [n, d])
        of('none').data.forEach((value, i) => expect(value).toBeCloseTo(losses[i], 10))
        expect(of('sum').item()).toBeCloseTo(total, 10)
        expect(of('mean').item()).toBeCloseTo(total / losses.length, 10)
      }),
    )
  })

  test('nllLoss of logSoftmax is crossEntropy, and one example needs no batch', () => {
    const logits = randn([5, 3], float64)
    const labels = tensor([0, 2, -100, 1, 1], { dtype: 'int32' })
    const weight = tensor([1, 2, 3], float64)
    for (const reduction of ['mean', 'sum', 'none'] as const) {
      const options = { weight, reduction }
      const expected = F.crossEntropy(logits, labels, options).toArray()
      expect(F.nllLoss(logits.logSoftmax(1), labels, options).toArray()).toEqual(expected)
    }
    const label = tensor(2, { dtype: 'int32' })
    const one = F.crossEntropy(logits.at(1), label)
    expect(one.shape).toEqual([])
    expect(one.item()).toBe(F.crossEntropy(logits.narrow(0, 1, 1), label.reshape([1])).item())
  })

  test('what is ignored costs nothing and gets no gradient, NaN or not', () => {
    const logs = tensor([[NaN, NaN], [-1, -2]], { ...float64, requiresGrad: true }) // prettier-ignore
    const loss = F.nllLoss(logs, tensor([-100, 1], { dtype: 'int32' }))
    loss.backward()
    expect(loss.item()).toBe(2)
    expect(logs.grad!.toArray()).toEqual([[0, 0], [0, -1]]) // prettier-ignore
  })
})

describe('bad input is refused, and named', () => {
  const x = zeros([4, 3])
  const labels = tensor([0, 1, 2, 0], { dtype: 'int32' })
  const half = x.add(0.5)
  const column: Tensor = zeros([4, 1])
  const integers = zeros([4, 3], { dtype: 'int32' })
  const pairs = {
    mseLoss: F.mseLoss,
    l1Loss: F.l1Loss,
    huberLoss: F.huberLoss,
    smoothL1Loss: F.smoothL1Loss,
    binaryCrossEntropy: F.binaryCrossEntropy,
    binaryCrossEntropyWithLogits: F.binaryCrossEntropyWithLogits,
  }

  test.each(Object.entries(pairs))('%s', (name, loss: Loss) => {
    const starts = new RegExp(`^${name}: `)
    expect(() => loss(x, column)).toThrow(ShapeError)
    expect(() => loss(column, x)).toThrow(/\[4, 3\].*\[4, 1\]/)
    expect(() => loss(x, integers)).toThrow(DTypeError)
    expect(() => loss(integers, x)).toThrow(starts)
    expect(() => loss(x, 1 as never)).toThrow(DTypeError)
    expect(() => loss(null as never, x)).toThrow(starts)
    expect(() => loss(x, x, { reduction: 'max' as never })).toThrow(ValueError)
    expect(() => loss(x, x, { reduction: 'max' as never })).toThrow(starts)
  })

  test('huberLoss and smoothL1Loss: their limits', () => {
    for (const delta of [0, -1, NaN]) {
      expect(() => F.huberLoss(x, x, { delta })).toThrow(/huberLoss: delta/)
    }
    for (const beta of [-1, NaN]) {
      expect(() => F.smoothL1Loss(x, x, { beta })).toThrow(/smoothL1Loss: beta/)
    }
  })

  test.each([-0.1, 1.1, NaN, Infinity])('binaryCrossEntropy: %s', (value) => {
    const bad = tensor([0.5, value])
    const good = tensor([0.5, 0.5])
    expect(() => F.binaryCrossEntropy(bad, good)).toThrow(ValueError)
    expect(() => F.binaryCrossEntropy(bad, good)).toThrow(/input.*element 1.*WithLogits/)
    expect(() => F.binaryCrossEntropy(good, bad)).toThrow(/target.*element 1/)
  })

  test('weights that do not fit', () => {
    for (const weight of [zeros([4]), zeros([2, 4, 3])]) {
      expect(() => F.binaryCrossEntropy(half, half, { weight })).toThrow(ShapeError)
      expect(() => F.binaryCrossEntropyWithLogits(x, x, { weight })).toThrow(/weight/)
      expect(() => F.binaryCrossEntropyWithLogits(x, x, { posWeight: weight })).toThrow(/posWeight/)
      expect(() => F.crossEntropy(x, labels, { weight })).toThrow(/crossEntropy: .*\[3\]/)
      expect(() => F.nllLoss(x, labels, { weight })).toThrow(ShapeError)
    }
    const weight = zeros([3], { dtype: 'int32' })
    expect(() => F.crossEntropy(x, labels, { weight })).toThrow(DTypeError)
  })

  const byLabels: [string, typeof F.nllLoss][] = [
    ['nllLoss', F.nllLoss],
    ['crossEntropy', F.crossEntropy],
  ]
  test.each(byLabels)('%s', (name, loss) => {
    const starts = new RegExp(`^${name}: `)
    for (const label of [3, -1, -100]) {
      const target = tensor([0, label, 1, 1], { dtype: 'int32' })
      const call = (): unknown => loss(x, target, { ignoreIndex: 9 })
      expect(call).toThrow(ValueError)
      expect(call).toThrow(new RegExp(`label ${label} at element 1.*0 to 2`))
    }
    expect(() => loss(x, tensor([0, 1, 2], { dtype: 'int32' }))).toThrow(ShapeError)
    expect(() => loss(x, integers)).toThrow(ShapeError)
    expect(() => loss(x, zeros([4]))).toThrow(DTypeError)
    expect(() => loss(x, [0, 1, 2, 0] as never)).toThrow(starts)
    expect(() => loss(integers, labels)).toThrow(DTypeError)
    expect(() => loss(tensor(1), tensor(0, { dtype: 'int32' }))).toThrow(ShapeError)
    expect(() => loss(x, labels, { reduction: 'avg' as never })).toThrow(ValueError)
  })

  test('nllLoss takes no probabilities', () => {
    expect(() => F.nllLoss(x, half)).toThrow(DTypeError)
  })

  test('crossEntropy: its options', () => {
    for (const labelSmoothing of [-0.1, 1.1, NaN]) {
      expect(() => F.crossEntropy(x, labels, { labelSmoothing })).toThrow(ValueError)
      expect(() => F.crossEntropy(x, half, { labelSmoothing })).toThrow(/labelSmoothing/)
    }
    expect(() => F.crossEntropy(x, half, { ignoreIndex: 1 })).toThrow(/ignoreIndex/)
    expect(() => F.crossEntropy(x, zeros([4, 3], { dtype: 'bool' }))).toThrow(DTypeError)
  })
})

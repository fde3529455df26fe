import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as core from '../src/index.ts'
import type { Tensor } from '../src/index.ts'
import { farthest } from './close.ts'

// Each function against its definition: loops over every index, in images, of which a signal is one
// of height 1.

type Pair = readonly [of1: number, of2: number]

interface Case {
  n: number
  groups: number
  /** Channels of x, and out channels, in each group. */
  c: number
  f: number
  size: Pair
  kernel: Pair
  stride: Pair
  padding: Pair
  dilation: Pair
}

const pair = (low: number, high: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }))

const cases = fc
  .record({
    n: fc.integer({ min: 0, max: 2 }),
    groups: fc.integer({ min: 1, max: 3 }),
    c: fc.integer({ min: 1, max: 2 }),
    f: fc.integer({ min: 1, max: 2 }),
    size: pair(1, 6),
    kernel: pair(1, 3),
    stride: pair(1, 3),
    padding: pair(0, 2),
    dilation: pair(1, 3),
  })
  .filter(({ size, kernel, padding, dilation }) =>
    [0, 1].every((d) => size[d] + 2 * padding[d] > (kernel[d] - 1) * dilation[d]),
  )

/** Numbers without a pattern. */
function filled(shape: readonly number[], seed = 1): Tensor {
  const numel = shape.reduce((a, b) => a * b, 1)
  const data = Float64Array.from({ length: numel }, (_, i) => Math.sin(seed * 12.9898 + i * 78.233))
  return core.tensor(data, { shape })
}

/** Where windows start: at every stride from the padding on, as long as they end within it. */
function starts({ size, kernel, stride, padding, dilation }: Case, d: 0 | 1): number[] {
  const found: number[] = []
  for (let at = -padding[d]; at + (kernel[d] - 1) * dilation[d] < size[d] + padding[d];) {
    found.push(at)
    at += stride[d]
  }
  return found
}

type Visit = (window: Pair, element: Pair, place: Pair) => void

/** Every element of every window, with its place in x where that has one. */
function eachPlace(given: Case, visit: Visit): void {
  const { kernel, dilation, size } = given
  starts(given, 0).forEach((top, i) =>
    starts(given, 1).forEach((left, j) => {
      for (let k = 0; k < kernel[0]; k++) {
        for (let l = 0; l < kernel[1]; l++) {
          const [row, column] = [top + k * dilation[0], left + l * dilation[1]]
          const inside = row >= 0 && row < size[0] && column >= 0 && column < size[1]
          if (inside) visit([i, j], [k, l], [row, column])
        }
      }
    }),
  )
}

/** An array with an index for each dim. */
class Grid {
  readonly shape: readonly number[]
  readonly data: Float64Array
  constructor(shape: readonly number[], data?: ArrayLike<number>) {
    this.shape = shape
    this.data = data ? Float64Array.from(data) : new Float64Array(shape.reduce((a, b) => a * b, 1))
  }
  #at(index: readonly number[]): number {
    return index.reduce((at, i, d) => at * this.shape[d] + i, 0)
  }
  get(...index: number[]): number {
    return this.data[this.#at(index)]
  }
  add(value: number, ...index: number[]): void {
    this.data[this.#at(index)] += value
  }
}

const gridOf = (x: Tensor): Grid => new Grid(x.shape, x.data)

function expectClose(actual: Tensor, expected: Grid): void {
  expect(actual.shape).toEqual(expected.shape)
  expect(farthest([...actual.data], [...expected.data], 1e-12)).toBeUndefined()
}

function sizesOf(given: Case): Pair {
  return [starts(given, 0).length, starts(given, 1).length]
}

/** Each product of the form: of x, of the weight and of y, by their indices. */
function eachProduct(given: Case, visit: (x: number[], w: number[], y: number[]) => void): void {
  const { n, groups, c, f } = given
  for (let example = 0; example < n; example++) {
    for (let g = 0; g < groups; g++) {
      for (let a = 0; a < c; a++) {
        for (let b = 0; b < f; b++) {
          eachPlace(given, (window, element, place) =>
            visit(
              [example, g * c + a, ...place],
              [g * f + b, a, ...element],
              [example, g * f + b, ...window],
            ),
          )
        }
      }
    }
  }
}

describe('convolution, by its definition', () => {
  test('conv2d', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { n, groups, c, f, size, kernel, stride, padding, dilation } = given
        const x = filled([n, groups * c, ...size])
        const weight = filled([groups * f, c, ...kernel], 2)
        const bias = filled([groups * f], 3)
        const expected = new Grid([n, groups * f, ...sizesOf(given)])
        const [xs, ws] = [gridOf(x), gridOf(weight)]
        eachProduct(given, (i, j, k) => expected.add(xs.get(...i) * ws.get(...j), ...k))
        const out = core.conv2d(x, weight, null, { stride, padding, dilation, groups })
        expectClose(out, expected)
        const shifted = core.conv2d(x, weight, bias, { stride, padding, dilation, groups })
        expectClose(shifted.sub(bias.reshape([-1, 1, 1])), expected)
      }),
      { numRuns: 300 },
    )
  })

  test('convTranspose2d', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { n, groups, c, f, size, kernel, stride, padding, dilation } = given
        const y = filled([n, groups * f, ...sizesOf(given)])
        const weight = filled([groups * f, c, ...kernel], 2)
        const expected = new Grid([n, groups * c, ...size])
        const [ys, ws] = [gridOf(y), gridOf(weight)]
        eachProduct(given, (i, j, k) => expected.add(ys.get(...k) * ws.get(...j), ...i))
        // What a convolution leaves out at the end is what the transpose adds.
        const outputPadding = [0, 1].map(
          (d) => (size[d] + 2 * padding[d] - (kernel[d] - 1) * dilation[d] - 1) % stride[d],
        ) as [number, number]
        const options = { stride, padding, dilation, groups, outputPadding }
        expectClose(core.convTranspose2d(y, weight, null, options), expected)
      }),
      { numRuns: 300 },
    )
  })

  test('the gradients of both, by x, weight and bias', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { n, groups, c, f, size, kernel, stride, padding, dilation } = given
        const x = filled([n, groups * c, ...size]).requiresGrad_()
        const weight = filled([groups * f, c, ...kernel], 2).requiresGrad_()
        const bias = filled([groups * f], 3).requiresGrad_()
        const out = core.conv2d(x, weight, bias, { stride, padding, dilation, groups })
        const ct = filled(out.shape, 4)
        out.backward(ct)
        const byX = new Grid(x.shape)
        const byWeight = new Grid(weight.shape)
        const [xs, ws, cts] = [gridOf(x), gridOf(weight), gridOf(ct)]
        eachProduct(given, (i, j, k) => {
          byX.add(cts.get(...k) * ws.get(...j), ...i)
          byWeight.add(cts.get(...k) * xs.get(...i), ...j)
        })
        expectClose(x.grad!, byX)
        expectClose(weight.grad!, byWeight)
        expectClose(bias.grad!, gridOf(ct.sum([0, 2, 3])))
      }),
      { numRuns: 200 },
    )
  })

  test('conv1d and convTranspose1d are those of images of height 1', () => {
    fc.assert(
      fc.property(cases, ({ n, groups, c, f, size, kernel, stride, padding, dilation }) => {
        const x = filled([n, groups * c, size[1]])
        const weight = filled([groups * f, c, kernel[1]], 2)
        const options = { stride: stride[1], padding: padding[1], dilation: dilation[1], groups }
        const flat = {
          stride: [1, stride[1]],
          padding: [0, padding[1]],
          dilation: [1, dilation[1]],
          groups,
        } as const
        const y = core.conv1d(x, weight, null, options)
        const tall = weight.unsqueeze(2)
        expectClose(y, gridOf(core.conv2d(x.unsqueeze(2), tall, null, flat).squeeze(2)))
        const transposed = filled([n, groups * f, size[1]], 3)
        const [unpadded, unpaddedFlat] = [
          { ...options, padding: 0 },
          { ...flat, padding: 0 },
        ]
        expectClose(
          core.convTranspose1d(transposed, weight, null, unpadded),
          gridOf(
            core.convTranspose2d(transposed.unsqueeze(2), tall, null, unpaddedFlat).squeeze(2),
          ),
        )
      }),
    )
  })

  test('many examples are computed in parts', () => {
    const x = filled([5, 1, 150, 150])
    const weight = filled([2, 1, 5, 5], 2)
    const together = [x, weight].map((t) => t.clone().requiresGrad_())
    const apart = [x, weight].map((t) => t.clone().requiresGrad_())
    const whole = core.conv2d(together[0], together[1])
    const parts = core.stack(apart[0].unbind().map((one) => core.conv2d(one, apart[1])))
    const ct = filled(whole.shape, 3)
    whole.backward(ct)
    parts.backward(ct)
    const off = (a: Tensor, b: Tensor): number => a.sub(b).abs().max().item()
    expect(off(whole, parts)).toBeLessThan(1e-13)
    expect(off(together[0].grad!, apart[0].grad!)).toBeLessThan(1e-13)
    expect(off(together[1].grad!, apart[1].grad!)).toBeLessThan(1e-9)
  }, 60_000)
})

describe('pools, by their definition', () => {
  const pools = cases.filter(({ kernel, padding }) =>
    [0, 1].every((d) => 2 * padding[d] <= kernel[d]),
  )

  /** What a pool makes of the elements of each window that lie in x, in row-major order. */
  function pooled(given: Case, x: Tensor, fold: (elements: number[]) => number): Grid {
    const { n, c } = given
    const [height, width] = sizesOf(given)
    const xs = gridOf(x)
    const out = new Grid([n, c, height, width])
    for (let image = 0; image < n * c; image++) {
      const at = [Math.floor(image / c), image % c] as const
      const windows = Array.from({ length: height * width }, (): number[] => [])
      eachPlace(given, ([i, j], _, place) => windows[i * width + j].push(xs.get(...at, ...place)))
      windows.forEach((elements, k) =>
        out.add(fold(elements), ...at, Math.floor(k / width), k % width),
      )
    }
    return out
  }

  test('maxPool2d', () => {
    fc.assert(
      fc.property(pools, (given) => {
        const { n, c, size, kernel, stride, padding, dilation } = given
        const x = filled([n, c, ...size])
        const expected = pooled(given, x, (elements) => Math.max(...elements))
        expectClose(core.maxPool2d(x, kernel, { stride, padding, dilation }), expected)
      }),
      { numRuns: 200 },
    )
  })

  test('avgPool2d', () => {
    const together = pools.map((given): Case => ({ ...given, dilation: [1, 1] }))
    fc.assert(
      fc.property(together, (given) => {
        const { n, c, size, kernel, stride, padding } = given
        const x = filled([n, c, ...size])
        const sum = (elements: number[]): number => elements.reduce((a, b) => a + b, 0)
        const all = pooled(given, x, (elements) => sum(elements) / (kernel[0] * kernel[1]))
        expectClose(core.avgPool2d(x, kernel, { stride, padding }), all)
        const inside = pooled(given, x, (elements) => sum(elements) / elements.length)
        const options = { stride, padding, countIncludePad: false }
        expectClose(core.avgPool2d(x, kernel, options), inside)
        const byFive = pooled(given, x, (elements) => sum(elements) / 5)
        expectClose(core.avgPool2d(x, kernel, { stride, padding, divisorOverride: 5 }), byFive)
      }),
      { numRuns: 200 },
    )
  })

  test('the windows lie side by side unless a stride is given', () => {
    const x = filled([1, 1, 6, 7])
    const stride = [2, 3] as const
    expect(core.maxPool2d(x, stride).toArray()).toEqual(
      core.maxPool2d(x, stride, { stride }).toArray(),
    )
    expect(core.avgPool1d(x.squeeze(0), 3).shape).toEqual([1, 6, 2])
  })
})

describe('unfold and fold, by their definition', () => {
  test('each is the other, backwards', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { n, c, size, kernel, stride, padding, dilation } = given
        const [height, width] = sizesOf(given)
        const x = filled([n, c, ...size])
        const columns = filled([n, c * kernel[0] * kernel[1], height * width], 2)
        const [xs, cs] = [gridOf(x), gridOf(columns)]
        const [unfolded, folded] = [new Grid(columns.shape), new Grid(x.shape)]
        for (let image = 0; image < n * c; image++) {
          const [example, a] = [Math.floor(image / c), image % c]
          eachPlace(given, ([i, j], [k, l], place) => {
            const at = [example, (a * kernel[0] + k) * kernel[1] + l, i * width + j]
            unfolded.add(xs.get(example, a, ...place), ...at)
            folded.add(cs.get(...at), example, a, ...place)
          })
        }
        const options = { stride, padding, dilation }
        expectClose(core.unfold(x, kernel, options), unfolded)
        expectClose(core.fold(columns, size, kernel, options), folded)
      }),
      { numRuns: 200 },
    )
  })

  test('both copy', () => {
    const x = filled([1, 2, 2])
    core.unfold(x, 1).mul_(0)
    core.fold(x.reshape([1, 4]), 2, 1).mul_(0)
    expect(x.data).toEqual(filled([1, 2, 2]).data)
  })
})

import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Grid, Operand } from '../../src/backend.ts'
import { reference } from '../../src/backends/reference.ts'
import type { Counts } from '../../src/backends/wasm-convolution.ts'
import { allocateArray, type DType } from '../../src/dtype.ts'
import { Layout } from '../../src/layout.ts'
import { numelOf } from '../../src/shape.ts'
import { Storage } from '../../src/storage.ts'
import { engine } from '../../src/wasm/engine.ts'

// Kernels keep what they made, so each test that takes something away loads them anew.
async function load(): Promise<
  typeof import('../../src/backends/wasm-convolution.ts') &
    typeof import('../../src/backends/windows.ts') &
    typeof import('../../src/backends/wasm-unfold.ts')
> {
  vi.resetModules()
  return {
    ...(await import('../../src/backends/wasm-convolution.ts')),
    ...(await import('../../src/backends/windows.ts')),
    ...(await import('../../src/backends/wasm-unfold.ts')),
  }
}

/** The same where vectors are missing, as long as mocks are not restored. */
function loadWithout(): ReturnType<typeof load> {
  vi.spyOn(engine, 'Instance').mockImplementation(function () {
    throw new Error('invalid instruction')
  })
  return load()
}

afterEach(() => vi.restoreAllMocks())

const BEFORE = 3
const BEHIND = 20

/** An operand that begins within its memory; what lies around it is 77. */
function operandOf(dtype: DType, shape: readonly number[], value: (i: number) => number): Operand {
  const layout = Layout.contiguous(shape)
  const array = allocateArray(dtype, BEFORE + layout.numel + BEHIND).fill(77)
  for (let i = 0; i < layout.numel; i++) array[BEFORE + i] = value(i)
  const own = new Layout(shape, layout.strides, BEFORE - 1)
  return { storage: new Storage(dtype, array, 1, layout.numel + BEHIND), layout: own }
}

function valuesOf({ storage, layout }: Operand): number[] {
  const array = [...storage.array]
  expect([...array.slice(0, BEFORE), ...array.slice(BEFORE + layout.numel)]).toEqual(
    Array(BEFORE + BEHIND).fill(77),
  )
  return array.slice(BEFORE, BEFORE + layout.numel)
}

/** Small integers, whose sums of products are exact. */
const integers = (factor: number) => (i: number) => ((i * factor) % 13) - 6

/** Visits all pairs of an element of the kernel and a place, with where in a plane they meet. */
function eachMeeting(
  { input, kernel, output, stride, padding, dilation }: Grid,
  visit: (k: number, i: number, at: number) => void,
): void {
  const index = (flat: number, sizes: readonly number[]): number[] =>
    sizes.map((_, d) => Math.floor(flat / numelOf(sizes.slice(d + 1))) % sizes[d])
  for (let k = 0; k < numelOf(kernel); k++) {
    const cell = index(k, kernel)
    for (let i = 0; i < numelOf(output); i++) {
      const at = index(i, output).map((j, d) => j * stride[d] + cell[d] * dilation[d] - padding[d])
      if (at.every((n, d) => n >= 0 && n < input[d])) {
        visit(
          k,
          i,
          at.reduce((sum, n, d) => sum * input[d] + n, 0),
        )
      }
    }
  }
}

const names = ['convolve', 'correlate', 'spread'] as const

/** Runs one of the three in its operands' order, on x, w and y; one of which is the result. */
function run(
  kernels: Awaited<ReturnType<typeof load>>,
  name: (typeof names)[number],
  counts: Counts,
  grid: Grid,
  [x, w, y]: readonly [Operand, Operand, Operand],
): boolean {
  return name === 'convolve'
    ? kernels.convolve(counts, grid, x, w, y)
    : name === 'correlate'
      ? kernels.correlate(counts, grid, x, y, w)
      : kernels.spread(counts, grid, w, y, x)
}

/** x, w and y, as filled by `value`. */
function operandsOf(
  dtype: DType,
  { stacks, images, filters, channels }: Counts,
  grid: Grid,
  value: (which: number, i: number) => number,
): [Operand, Operand, Operand] {
  const shapes = [
    [stacks, images, channels, ...grid.input],
    [stacks, filters, channels, ...grid.kernel],
    [stacks, images, filters, ...grid.output],
  ]
  return shapes.map((shape, k) => operandOf(dtype, shape, (i) => value(k, i))) as [
    Operand,
    Operand,
    Operand,
  ]
}

function expected(
  name: (typeof names)[number],
  { stacks, images, filters, channels }: Counts,
  grid: Grid,
  [x, w, y]: readonly [Operand, Operand, Operand],
): number[] {
  const result = { convolve: y, correlate: w, spread: x }[name]
  const sums = Array<number>(result.layout.numel).fill(0)
  const [X, W, Y] = [x, w, y].map(({ storage }) => storage.array.slice(BEFORE))
  const [size, cells, places] = [grid.input, grid.kernel, grid.output].map(numelOf)
  for (let image = 0; image < stacks * images; image++) {
    const s = Math.floor(image / images)
    for (let f = 0; f < filters; f++) {
      for (let c = 0; c < channels; c++) {
        eachMeeting(grid, (k, i, at) => {
          const here = (image * channels + c) * size + at
          const there = ((s * filters + f) * channels + c) * cells + k
          const place = (image * filters + f) * places + i
          if (name === 'convolve') sums[place] += X[here] * W[there]
          else if (name === 'correlate') sums[there] += X[here] * Y[place]
          else sums[here] += W[there] * Y[place]
        })
      }
    }
  }
  return sums
}

const gridOf = (rank: number, each: Partial<Grid>): Grid => {
  const list = (n: number): number[] => Array.from({ length: rank }, () => n)
  const plain = { stride: list(1), padding: list(0), dilation: list(1) }
  return { input: list(1), output: list(1), kernel: list(1), ...plain, ...each }
}

const dtypes = ['float32', 'float64'] as const

describe.each(dtypes)('convolutions of %s', (dtype) => {
  function check(name: (typeof names)[number], counts: Counts, grid: Grid, kernels: Loaded): void {
    const ran = { convolve: 2, correlate: 1, spread: 0 }[name]
    const all = operandsOf(dtype, counts, grid, (k, i) => (k === ran ? 0 : integers(5 + 2 * k)(i)))
    // Rows that would mostly be computed in vain are declined.
    const [wide, cells, gap, step] = [grid.output, grid.kernel, grid.dilation, grid.stride].map(
      (list) => list[list.length - 1],
    )
    const beyond = Math.floor(((cells - 1) * gap) / step)
    const vain = name === 'convolve' && grid.output[grid.output.length - 2] > 1 && beyond > wide
    expect(run(kernels, name, counts, grid, all)).toBe(!vain)
    const right = expected(name, counts, grid, all)
    expect(valuesOf(all[ran])).toEqual(vain ? right.map(() => 0) : right)
  }
  type Loaded = Awaited<ReturnType<typeof load>>

  const grids: fc.Arbitrary<Grid> = fc.constantFrom(1, 2).chain((rank) => {
    const each = (low: number, high: number): fc.Arbitrary<number[]> =>
      fc.array(fc.integer({ min: low, max: high }), { minLength: rank, maxLength: rank })
    return fc.record({
      input: each(1, 11),
      output: each(1, 9),
      kernel: each(1, 4),
      stride: each(1, 3),
      padding: each(0, 4),
      dilation: each(1, 3),
    })
  })
  const amounts: fc.Arbitrary<Counts> = fc.record({
    stacks: fc.integer({ min: 1, max: 2 }),
    images: fc.integer({ min: 1, max: 3 }),
    filters: fc.integer({ min: 1, max: 5 }),
    channels: fc.integer({ min: 1, max: 3 }),
  })

  test.each(names)('%s, of any sizes', async (name) => {
    const kernels = await load()
    fc.assert(
      fc.property(grids, amounts, (grid, counts) => check(name, counts, grid, kernels)),
      { numRuns: 120, seed: 7 },
    )
  })

  test('unfold and fold, of any sizes, exactly', async () => {
    const { windows } = await loadWithout()
    const small = gridOf(1, { input: [2], kernel: [1], output: [2] })
    const [x, values] = [0, 1].map(() => operandOf(dtype, [2], Number))
    windows.maxOfWindows(x, small, values, operandOf('int32', [2], Number))
    vi.restoreAllMocks()
    const { unfoldInVectors, foldInVectors } = await load()
    // As many planes as are done at once, and more.
    const planes = fc.constantFrom([], [2], [1, 3], [60])
    fc.assert(
      fc.property(grids, planes, (grid, front) => {
        const images = [...front, ...grid.input]
        const columns = [...front, ...grid.kernel, ...grid.output]
        // Sums that depend on the order of their terms.
        const odd = (i: number): number => ((i * 37) % 101) / 7
        const of = (shape: readonly number[]): Operand => operandOf(dtype, shape, odd)
        const [unfolded, right] = [of(columns), of(columns)]
        expect(unfoldInVectors(of(images), grid, unfolded)).toBe(true)
        windows.unfold(of(images), grid, right)
        expect(valuesOf(unfolded)).toEqual(valuesOf(right))
        const [folded, sums] = [of(images), of(images)]
        expect(foldInVectors(of(columns), grid, folded)).toBe(true)
        windows.fold(of(columns), grid, sums)
        expect(valuesOf(folded)).toEqual(valuesOf(sums))
      }),
      { numRuns: 60, seed: 11 },
    )
  })

  const one = { stacks: 1, images: 1, filters: 1, channels: 1 }
  test.each<[string, Partial<Counts>, Grid]>([
    [
      'more channels than one block is deep',
      { filters: 6, channels: 40, images: 2 },
      gridOf(2, { input: [6, 7], kernel: [3, 3], output: [4, 5] }),
    ],
    [
      'more filters than one block is high',
      { filters: 133, channels: 2 },
      gridOf(2, { input: [5, 5], kernel: [2, 2], output: [4, 4] }),
    ],
    [
      'more filters than one block is deep',
      { filters: 261, channels: 2 },
      gridOf(2, { input: [5, 5], kernel: [2, 2], output: [4, 4] }),
    ],
    [
      'more places than are computed at once, in many rows',
      { filters: 3, channels: 2 },
      gridOf(2, { input: [23, 29], kernel: [3, 3], output: [21, 27] }),
    ],
    [
      'more places than are computed at once, in one row',
      { filters: 3, channels: 2 },
      gridOf(1, { input: [603], kernel: [4], output: [600] }),
    ],
    [
      'filters as large as the image',
      { filters: 3, channels: 2, images: 3 },
      gridOf(2, { input: [5, 5], kernel: [5, 5], output: [1, 1] }),
    ],
  ])('%s', async (_, counts, grid) => {
    const kernels = await load()
    for (const name of names) check(name, { ...one, ...counts }, grid, kernels)
  })

  test('NaN and infinities reach no farther than the windows they are in', async () => {
    const kernels = await load()
    const grid = gridOf(2, { input: [6, 7], kernel: [3, 3], output: [4, 5] })
    const counts = { ...one, filters: 3, channels: 2 }
    // What has them: x is 0, w 1 and y 2.
    for (const [name, odd] of [
      ['convolve', 0],
      ['correlate', 0],
      ['correlate', 2],
      ['spread', 1],
      ['spread', 2],
    ] as const) {
      const ran = { convolve: 2, correlate: 1, spread: 0 }[name]
      const all = operandsOf(dtype, counts, grid, (k, i) => (k === ran ? 0 : integers(5)(i) + 0.5))
      all[odd].storage.array[BEFORE] = Infinity
      all[odd].storage.array[BEFORE + all[odd].layout.numel - 1] = NaN
      expect(run(kernels, name, counts, grid, all)).toBe(true)
      const found = valuesOf(all[ran]).map(Number.isFinite)
      expect(found).toEqual(expected(name, counts, grid, all).map(Number.isFinite))
      expect(found).toContain(true)
    }
  })
})

test('all decline other numbers, and everything where there are no vectors', async () => {
  const grid = gridOf(2, { input: [3, 3], kernel: [2, 2], output: [2, 2] })
  const counts = { stacks: 1, images: 1, filters: 1, channels: 1 }
  const kernels = await load()
  const ints = operandsOf('int32', counts, grid, () => 1)
  const grown = operandOf('int32', [1, 1, 2, 2, 2, 2], () => 1)
  const declined = ({ unfoldInVectors, foldInVectors }: typeof kernels, image: Operand): void => {
    expect(unfoldInVectors(image, grid, grown)).toBe(false)
    expect(foldInVectors(grown, grid, image)).toBe(false)
  }
  for (const name of names) expect(run(kernels, name, counts, grid, ints)).toBe(false)
  declined(kernels, ints[0])
  const without = await loadWithout()
  const floats = operandsOf('float32', counts, grid, () => 1)
  for (const name of names) {
    expect(run(without, name, counts, grid, floats)).toBe(false)
    expect(run(without, name, counts, grid, floats)).toBe(false)
  }
  declined(without, floats[0])
})

describe.each([...dtypes, 'float32 without vectors'] as const)('the largest of %s', (how) => {
  const dtype = how === 'float64' ? how : 'float32'
  const values = [0, 1, 2, 1, -1, NaN, Infinity, -Infinity, -Infinity, -Infinity]

  test('among NaN and infinities, with padding', async () => {
    const { windows } = how.endsWith('vectors') ? await loadWithout() : await load()
    const each = (low: number, high: number): fc.Arbitrary<number[]> =>
      fc.array(fc.integer({ min: low, max: high }), { minLength: 2, maxLength: 2 })
    const grids = fc.record({
      input: each(1, 9),
      output: each(1, 7),
      kernel: each(1, 3),
      stride: each(1, 3),
      padding: each(0, 3),
      dilation: each(1, 3),
    })
    // As many planes as are done at once, and more.
    const planes = fc.constantFrom(1, 2, 130)
    fc.assert(
      fc.property(grids, planes, fc.integer({ min: 1, max: 97 }), (grid, n, step) => {
        const x = operandOf(dtype, [n, ...grid.input], (i) => values[(i * step + (i >> 3)) % 10])
        const [found, right] = [windows, reference.windows!].map((by) => {
          const [largest, places] = ([dtype, 'int32'] as const).map((type) =>
            operandOf(type, [n, ...grid.output], () => 5),
          )
          by.maxOfWindows(x, grid, largest, places)
          return [largest, places].map(valuesOf)
        })
        expect(found).toEqual(right)
      }),
      { numRuns: 40, seed: 3 },
    )
  })
})

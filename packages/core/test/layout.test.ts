import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Layout } from '../src/layout.ts'
import { numelOf } from '../src/shape.ts'
import { operands, positions, shapes } from './operands.ts'

const layouts = (minSize = 0): fc.Arbitrary<Layout> =>
  shapes(0, 4, minSize).chain((shape) => operands(shape, 'int32').map(({ layout }) => layout))

/** Where the element at an index stands. */
const place = ({ strides, offset }: Layout, index: readonly number[]): number =>
  index.reduce((at, i, d) => at + i * strides[d], offset)

/** Every index of a shape, in row-major order. */
const indices = (shape: readonly number[]): number[][] =>
  shape.reduce<number[][]>(
    (found, size) =>
      found.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i])),
    [[]],
  )

/** That the element of `view` at each index is the element of `layout` at the index that `from` makes of it. */
function expectElements(view: Layout, layout: Layout, from: (index: number[]) => number[]): void {
  expect(indices(view.shape).map((index) => place(view, index))).toEqual(
    indices(view.shape).map((index) => place(layout, from(index))),
  )
}

/** A shape of as many elements: sizes joined, split, and ones put in. */
const regrouped = (shape: readonly number[]): fc.Arbitrary<number[]> =>
  fc.array(fc.nat(5), { minLength: 6, maxLength: 6 }).map((choices) => {
    const primes = shape.flatMap((size) => (size === 4 ? [2, 2] : [size]))
    const out: number[] = []
    primes.forEach((size, i) => {
      const choice = choices[i % choices.length]
      if (choice === 0) out.push(1)
      if (choice < 4 || out.length === 0) out.push(size)
      else out[out.length - 1] *= size
    })
    return choices[0] === 5 ? [...out, 1] : out
  })

describe('a layout', () => {
  test('is row-major without gaps when contiguous', () => {
    fc.assert(
      fc.property(shapes(0, 4), (shape) => {
        const layout = Layout.contiguous(shape)
        expect(positions(layout)).toEqual(Array.from({ length: numelOf(shape) }, (_, i) => i))
        expect(layout.isContiguous).toBe(true)
      }),
    )
  })

  test('knows whether its elements lie in row-major order, without gaps', () => {
    fc.assert(
      fc.property(layouts(), (layout) => {
        const gapless = positions(layout).every((at, i) => at === layout.offset + i)
        // Of an empty layout nothing can be seen, and its strides may say either.
        fc.pre(layout.numel > 0)
        expect(layout.isContiguous).toBe(gapless)
        expect(layout.numel).toBe(positions(layout).length)
      }),
      { numRuns: 500 },
    )
  })

  test('knows after how many elements in a row they are the same again', () => {
    fc.assert(
      fc.property(layouts(), (layout) => {
        fc.pre(layout.numel > 0)
        const places = positions(layout).map((at) => at - layout.offset)
        const fits = (_: number, p: number): boolean => places.every((at, i) => at === i % (p + 1))
        expect(layout.period).toBe(1 + places.findIndex(fits))
      }),
      { numRuns: 300 },
    )
  })
})

describe('views', () => {
  test('expand repeats sizes of 1, and puts dims in front', () => {
    fc.assert(
      fc.property(
        layouts(),
        fc.array(fc.nat(3), { maxLength: 2 }),
        fc.nat(3),
        (layout, front, n) => {
          const to = [...front, ...layout.shape.map((size) => (size === 1 ? n : size))]
          const view = layout.expand(to)
          expect(view.shape).toEqual(to)
          expectElements(view, layout, (index) =>
            index.slice(front.length).map((i, d) => (layout.shape[d] === 1 ? 0 : i)),
          )
        },
      ),
      { numRuns: 300 },
    )
  })

  test('permute takes dim dims[i] as its i-th', () => {
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const layout = gen(layouts)
        const ndim = layout.shape.length
        const all = layout.shape.map((_, d) => d)
        const dims = gen(fc.shuffledSubarray, all, { minLength: ndim, maxLength: ndim })
        const view = layout.permute(dims)
        expect(view.shape).toEqual(dims.map((d) => layout.shape[d]))
        expectElements(view, layout, (index) => all.map((d) => index[dims.indexOf(d)]))
      }),
      { numRuns: 300 },
    )
  })

  test('slice takes every step-th element from a start', () => {
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const layout = gen(layouts)
        fc.pre(layout.shape.length > 0)
        const dim = gen(fc.nat, layout.shape.length - 1)
        const size = layout.shape[dim]
        const start = gen(fc.nat, size)
        const step = gen(fc.integer, { min: 1, max: 3 })
        const length = gen(fc.nat, Math.ceil((size - start) / step))
        const view = layout.slice(dim, start, length, step)
        expect(view.shape).toEqual(layout.shape.with(dim, length))
        expectElements(view, layout, (index) => index.with(dim, start + index[dim] * step))
        // An empty view may start at the end, where there is nothing to point to.
        const last = Math.max(0, ...positions(layout))
        expect(Math.max(0, ...positions(view))).toBeLessThanOrEqual(last)
      }),
      { numRuns: 300 },
    )
  })

  test('reshape keeps the elements in order, where any strides can', () => {
    let views = 0
    let copies = 0
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const layout = gen(layouts, gen(fc.nat, 7) === 0 ? 0 : 1)
        const shape = gen(regrouped, layout.shape)
        const view = layout.reshape(shape)
        const wanted = positions(layout)
        const possible = affine(shape, wanted)
        expect(view !== null).toBe(possible)
        if (view === null) {
          copies++
          return
        }
        views++
        expect(view.shape).toEqual(shape)
        expect(positions(view)).toEqual(wanted)
      }),
      { numRuns: 1000 },
    )
    // Both happen often.
    expect(views).toBeGreaterThan(100)
    expect(copies).toBeGreaterThan(50)
  })
})

/** Whether some strides over `shape` visit these places in order. */
function affine(shape: readonly number[], wanted: readonly number[]): boolean {
  if (wanted.length === 0) return true
  const rows = shape.map((_, d) => numelOf(shape.slice(d + 1)))
  const strides = shape.map((size, d) => (size === 1 ? 0 : wanted[rows[d]] - wanted[0]))
  return positions(new Layout(shape, strides, wanted[0])).every((at, i) => at === wanted[i])
}

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Backend, Fold, Grid, Operand } from '../src/backend.ts'
import { reference } from '../src/backends/reference.ts'
import { tuned } from '../src/backends/tuned.ts'
import { windows } from '../src/backends/windows.ts'
import { allocateArray, type DType } from '../src/dtype.ts'
import { Layout } from '../src/layout.ts'
import { condition, input, param } from '../src/scalar/expr.ts'
import { kernelOf } from '../src/scalar/kernel.ts'
import { reducedShape } from '../src/shape.ts'
import { Storage } from '../src/storage.ts'
import { formulas, primitives } from './formulas.ts'
import { copyOf, elements, operands, positions, shapes } from './operands.ts'

/** Backends that are held to the reference. */
const backends: readonly Backend[] = [tuned]

const dtypes: readonly DType[] = ['float64', 'float32', 'int32', 'bool']
const numbers: readonly DType[] = ['float64', 'float32', 'int32']

/** Runs a method on the reference and on another backend, each with an output of its own. */
function both(
  backend: Backend,
  outs: readonly Operand[],
  run: (backend: Backend, outs: readonly Operand[]) => void,
): [found: readonly Operand[], expected: readonly Operand[]] {
  const copies = outs.map(copyOf)
  run(reference, copies)
  run(backend, outs)
  return [outs, copies]
}

const dimsOf = (shape: readonly number[]): number[] => shape.map((_, d) => d)

/** Equal bit for bit, all that lies between the elements included. */
function expectSame([found, expected]: ReturnType<typeof both>): void {
  const [left, right] = [found, expected].map((list) => list.map((x) => [...x.storage.array]))
  // toEqual tells 0 from -0, and takes NaN for itself.
  expect(left).toEqual(right)
}

const valuesOf = ({ storage, layout }: Operand): number[] =>
  positions(layout).map((at) => storage.array[storage.offset + at])

/** The sizes of elements, of those that have one. */
function absolute(x: Operand): Operand {
  const out = output(x.layout.shape, 'float64')
  out.storage.array.set(valuesOf(x).map((value) => (Number.isFinite(value) ? Math.abs(value) : 0)))
  return out
}

/**
 * The products are those of the reference, but for the rounding of each step of a sum in the dtype
 * itself, once or twice.
 */
function expectProducts(a: Operand, b: Operand, [found, expected]: ReturnType<typeof both>): void {
  const { dtype } = a.storage
  const [out, exact] = [valuesOf(found[0]), valuesOf(expected[0])]
  const sizes = output(found[0].layout.shape, 'float64')
  reference.matmul(absolute(a), absolute(b), sizes)
  const step = dtype === 'int32' ? 0 : dtype === 'float32' ? 2 ** -23 : 2 ** -52
  const rounding = (a.layout.shape.at(-1)! + 1) * step
  const wrong = valuesOf(sizes).flatMap((size, i) => {
    // Where finite products overflow, it depends on when they are rounded.
    const overflows = step > 0 && size > (dtype === 'float32' ? 1e38 : 1e307)
    const right = Object.is(out[i], exact[i]) || Math.abs(out[i] - exact[i]) <= rounding * size
    return overflows || right ? [] : [`element ${i} is ${out[i]}, expected ${exact[i]}`]
  })
  expect(wrong).toEqual([])
}

/** An output for results, filled with what must be overwritten. */
function output(shape: readonly number[], dtype: DType): Operand {
  const layout = Layout.contiguous(shape)
  const storage = Storage.allocate(dtype, layout.numel)
  storage.array.fill(1)
  return { storage, layout }
}

describe.each(backends)('$name computes what the reference does', (backend) => {
  describe('elementwise', () => {
    test.each(primitives)('%s', (_, primitive) => {
      const formula = primitive(input(0), input(1), input(2))
      const asCondition = primitive(condition(0), input(1), input(2))
      fc.assert(
        fc.property(fc.gen(), (gen) => {
          const dtype = gen(fc.constantFrom<DType[]>, ...dtypes)
          const shape = gen(shapes, 0, 2)
          const inputs = [0, 1, 2].map(() => gen(operands, shape, dtype))
          const kernel = kernelOf([gen(fc.boolean) ? formula : asCondition], 3, 0)
          const type = gen(fc.constantFrom<DType[]>, dtype, 'bool')
          const out = gen(operands, shape, type, { shared: false })
          expectSame(both(backend, [out], (b, outs) => b.elementwise(kernel, inputs, [], outs)))
        }),
        { numRuns: 40 },
      )
    })

    test('any formulas, several at once, of any dtype and layout', () => {
      fc.assert(
        fc.property(fc.gen(), (gen) => {
          const dtype = gen(fc.constantFrom<DType[]>, ...dtypes)
          const shape = gen(shapes)
          const build = { inputs: 2, conditions: 1, params: 2 }
          const count = gen(fc.integer, { min: 1, max: 3 })
          const kernel = kernelOf(
            Array.from({ length: count }, () => gen(formulas, build)),
            3,
            2,
          )
          const inputs = [dtype, dtype, 'bool' as const].map((type) => gen(operands, shape, type))
          const params = [0, 1].map(() => gen(elements, 'float64' as const))
          const type = gen(fc.constantFrom<DType[]>, dtype, 'bool')
          const outs = Array.from({ length: count }, () =>
            gen(operands, shape, type, { shared: false }),
          )
          expectSame(both(backend, outs, (b, o) => b.elementwise(kernel, inputs, params, o)))
        }),
        { numRuns: 400 },
      )
    })

    test('in place: all formulas see what was there before', () => {
      fc.assert(
        fc.property(fc.gen(), (gen) => {
          const dtype = gen(fc.constantFrom<DType[]>, ...numbers)
          const shape = gen(shapes)
          const build = { inputs: 3, params: 1 }
          const kernel = kernelOf(
            [0, 1].map(() => gen(formulas, build)),
            3,
            1,
          )
          const targets = [0, 1].map(() => gen(operands, shape, dtype, { shared: false }))
          const source = gen(operands, shape, dtype)
          const params = [gen(elements, 'float64' as const)]
          expectSame(
            both(backend, targets, (b, outs) =>
              b.elementwise(kernel, [...outs, source], params, outs),
            ),
          )
        }),
        { numRuns: 200 },
      )
    })

    test('parameters in the precision of float32 tensors', () => {
      const kernel = kernelOf([param(0)], 1, 1)
      const x = output([1], 'float32')
      const wide = output([1], 'float64')
      expectSame(both(backend, [wide], (b, outs) => b.elementwise(kernel, [x], [0.1], outs)))
      expect(wide.storage.array[0]).toBe(Math.fround(0.1))
    })
  })

  describe('reduce', () => {
    const exact: readonly Fold[] = ['max', 'min', 'any', 'all']

    /** A shape, and some of its dims. */
    const reductions = (maxDims: number): fc.Arbitrary<[number[], number[]]> =>
      shapes(0, maxDims).chain((shape) =>
        fc.tuple(fc.constant(shape), fc.subarray(shape.map((_, d) => d))),
      )

    test.each(exact)('%s, exactly', (fold) => {
      fc.assert(
        fc.property(fc.gen(), (gen) => {
          const dtype = gen(fc.constantFrom<DType[]>, ...dtypes)
          const [shape, dims] = gen(reductions, 4)
          const x = gen(operands, shape, dtype)
          const type = fold === 'any' || fold === 'all' ? 'bool' : dtype
          const out = output(reducedShape(shape, dims, false), type)
          expectSame(both(backend, [out], (b, [o]) => b.reduce(fold, x, dims, o)))
        }),
        { numRuns: 200 },
      )
    })

    test('sums of integers, exactly, also beyond their range', () => {
      fc.assert(
        fc.property(fc.gen(), (gen) => {
          const dtype = gen(fc.constantFrom<DType[]>, 'int32', 'bool')
          const [shape, dims] = gen(reductions, 4)
          const x = gen(operands, shape, dtype)
          const out = output(reducedShape(shape, dims, false), 'int32')
          expectSame(both(backend, [out], (b, [o]) => b.reduce('sum', x, dims, o)))
        }),
        { numRuns: 100 },
      )
    })

    test.each(['float64', 'float32'] as const)(
      'sums of %s, as pairwise summing bounds',
      (dtype) => {
        fc.assert(
          fc.property(fc.gen(), (gen) => {
            // Runs of 8, 128 and 256 elements are where the order of summing changes.
            const long = gen(fc.constantFrom, 1, 7, 8, 9, 127, 128, 129, 255, 256, 300, 700)
            const shape = gen(
              fc.constantFrom<number[][]>,
              [long],
              [2, long],
              [long, 3],
              [2, long, 2],
            )
            const dims = gen(fc.subarray, dimsOf(shape))
            const x = gen(operands, shape, dtype, { finite: true })
            const out = output(reducedShape(shape, dims, false), dtype)
            const [[found], [expected]] = both(backend, [out], (b, [o]) =>
              b.reduce('sum', x, dims, o),
            )
            const sizes = output(out.layout.shape, 'float64')
            reference.reduce('sum', { ...x, storage: storageOf(x, Math.abs) }, dims, sizes)
            // log₂ n + 8 roundings of float64 each way, and one of the result's own precision.
            const count = dims.reduce((n, d) => n * shape[d], 1)
            const inner = (Math.log2(Math.max(1, count)) + 8) * Number.EPSILON
            const outer = dtype === 'float32' ? 2 ** -23 : 0
            found.storage.array.forEach((value, i) => {
              const right = expected.storage.array[i]
              const bound = inner * sizes.storage.array[i] + outer * Math.abs(right)
              expect(Math.abs(value - right)).toBeLessThanOrEqual(bound)
            })
          }),
          { numRuns: 150 },
        )
      },
    )

    test('sums with NaN and infinities', () => {
      fc.assert(
        fc.property(fc.gen(), fc.constantFrom(NaN, Infinity, -Infinity), (gen, special) => {
          const n = gen(fc.constantFrom, 1, 5, 8, 130, 300)
          const x = gen(operands, [n], 'float64' as const, { shared: false, finite: true })
          x.storage.array[positionOf(x, gen(fc.nat, n - 1))] = special
          const out = output([], 'float64')
          expectSame(both(backend, [out], (b, [o]) => b.reduce('sum', x, [0], o)))
          expect(out.storage.array[0]).toBe(special)
        }),
        { numRuns: 50 },
      )
    })

    test('a sum is the same each time, and in any layout of one run', () => {
      fc.assert(
        fc.property(fc.gen(), (gen) => {
          const n = gen(fc.integer, { min: 1, max: 600 })
          const x = gen(operands, [n], 'float64' as const, { finite: true })
          const plain = output([n], 'float64')
          plain.storage.array.set(
            positions(x.layout).map((p) => x.storage.array[x.storage.offset + p]),
          )
          const [a, b] = [output([], 'float64'), output([], 'float64')]
          backend.reduce('sum', x, [0], a)
          backend.reduce('sum', plain, [0], b)
          expect(a.storage.array).toEqual(b.storage.array)
        }),
        { numRuns: 100 },
      )
    })
  })

  test.each(['max', 'min'] as const)('argReduce %s: the first one, and NaN before all', (fold) => {
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const dtype = gen(fc.constantFrom<DType[]>, ...dtypes)
        const shape = gen(shapes, 1, 4, 0)
        const dim = gen(fc.nat, shape.length - 1)
        fc.pre(shape[dim] > 0)
        const x = gen(operands, shape, dtype)
        const out = output(reducedShape(shape, [dim], false), 'int32')
        expectSame(both(backend, [out], (b, [o]) => b.argReduce(fold, x, dim, o)))
      }),
      { numRuns: 200 },
    )
  })

  test('argSort: stable, NaN the largest, and only the first ones where less is asked for', () => {
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const dtype = gen(fc.constantFrom<DType[]>, ...dtypes)
        const long = gen(fc.constantFrom, 0, 1, 2, 7, 8, 9, 40)
        const shape = gen(fc.constantFrom<number[][]>, [long], [3, long], [long, 2], [2, long, 2])
        const dim = shape.indexOf(long)
        const x = gen(operands, shape, dtype)
        const count = gen(fc.boolean) ? long : gen(fc.nat, long)
        const out = gen(operands, shape.with(dim, count), 'int32' as const, {
          shared: false,
        })
        const descending = gen(fc.boolean)
        expectSame(both(backend, [out], (b, [o]) => b.argSort(x, dim, descending, o)))
      }),
      { numRuns: 300 },
    )
  })

  test('recurrence, exactly, both ways', () => {
    fc.assert(
      fc.property(fc.gen(), (gen) => {
        const dtype = gen(fc.constantFrom<DType[]>, ...numbers)
        const shape = gen(shapes, 1, 4)
        const dim = gen(fc.nat, shape.length - 1)
        const [a, b] = [0, 1].map(() => gen(operands, shape, dtype))
        const out = gen(operands, shape, dtype, { shared: false })
        const reverse = gen(fc.boolean)
        expectSame(both(backend, [out], (x, [o]) => x.recurrence(a, b, dim, reverse, o)))
      }),
      { numRuns: 300 },
    )
  })

  describe('matmul', () => {
    const products = (sizes: () => fc.Arbitrary<number>, runs: number): void => {
      fc.assert(
        fc.property(fc.gen(), (gen) => {
          const dtype = gen(fc.constantFrom<DType[]>, ...numbers)
          const [m, k, n] = [0, 1, 2].map(() => gen(sizes))
          const batch = gen(fc.constantFrom<number[][]>, [], [], [2], [3, 2], [0])
          const a = gen(operands, [...batch, m, k], dtype)
          const b = gen(operands, [...batch, k, n], dtype)
          const out = output([...batch, m, n], dtype)
          expectProducts(
            a,
            b,
            both(backend, [out], (x, [o]) => x.matmul(a, b, o)),
          )
        }),
        { numRuns: runs },
      )
    }

    test('of small matrices, in any layout: transposed, batched, stretched, empty', () => {
      products(() => fc.nat(6), 300)
    })

    test('of sizes around the tiles and around the limit of what is packed', () => {
      // 12 · 13 · 13 multiplications stay below 2048, 13³ don't.
      products(() => fc.constantFrom(1, 3, 4, 5, 12, 13, 14, 17), 100)
    })

    test.each([
      [1, 2100, 1],
      [1, 64, 33],
      [33, 64, 1],
      [2, 1024, 3],
      [35, 36, 37],
      [64, 64, 64],
    ])('of %i×%i and ×%i', (m, k, n) => {
      const draw = fc.tuple(
        operands([m, k], 'float64', { finite: true }),
        operands([k, n], 'float64', { finite: true }),
      )
      for (const [a, b] of fc.sample(draw, 3)) {
        const outs = [output([m, n], 'float64')]
        expectProducts(
          a,
          b,
          both(backend, outs, (x, [o]) => x.matmul(a, b, o)),
        )
      }
    })
  })

  describe('windows', () => {
    const grids: fc.Arbitrary<Grid> = fc.constantFrom(1, 2).chain((rank) => {
      const each = (low: number, high: number): fc.Arbitrary<number[]> =>
        fc.array(fc.integer({ min: low, max: high }), { minLength: rank, maxLength: rank })
      return fc.record({
        input: each(1, 7),
        output: each(1, 4),
        kernel: each(1, 3),
        stride: each(1, 3),
        padding: each(0, 4),
        dilation: each(1, 3),
      })
    })
    const numbersOf = (shape: number[], dtype: DType): fc.Arbitrary<Operand> =>
      fc
        .array(fc.integer({ min: -9, max: 9 }), { minLength: 900, maxLength: 900 })
        .map((values) => {
          const { storage, layout } = output(shape, dtype)
          const array = allocateArray(dtype, layout.numel + 2)
          array.set(values.slice(0, layout.numel), 2)
          return {
            storage: new Storage(storage.dtype, array, 1, layout.numel),
            layout: shifted(layout),
          }
        })
    const shifted = (layout: Layout): Layout => new Layout(layout.shape, layout.strides, 1)

    test.each(['unfold', 'fold'] as const)('%s, exactly', (name) => {
      fc.assert(
        fc.property(
          grids,
          fc.constantFrom<DType[]>('float64', 'float32', 'int32'),
          fc.gen(),
          (grid, dtype, gen) => {
            const planes = gen(fc.constantFrom<number[][]>, [], [2], [2, 3], [0])
            const images = [...planes, ...grid.input]
            const columns = [...planes, ...grid.kernel, ...grid.output]
            const x = gen(numbersOf, name === 'fold' ? columns : images, dtype)
            const out = name === 'unfold' ? output(columns, dtype) : gen(numbersOf, images, dtype)
            expectSame(both(backend, [out], (b, [o]) => (b.windows ?? windows)[name](x, grid, o)))
          },
        ),
        { numRuns: 200 },
      )
    })

    test('the largest elements and their places, exactly', () => {
      fc.assert(
        fc.property(
          grids,
          fc.constantFrom<DType[]>('float64', 'float32'),
          fc.gen(),
          (grid, dtype, gen) => {
            const planes = gen(fc.constantFrom<number[][]>, [], [2], [2, 3], [0])
            const x = gen(numbersOf, [...planes, ...grid.input], dtype)
            const outs = ([dtype, 'int32'] as const).map((type) =>
              output([...planes, ...grid.output], type),
            )
            expectSame(
              both(backend, outs, (b, [values, places]) =>
                (b.windows ?? windows).maxOfWindows(x, grid, values, places),
              ),
            )
          },
        ),
        { numRuns: 200 },
      )
    })

    test('the largest of NaN, infinities and equal ones is found as PyTorch finds it', () => {
      const grid = {
        input: [6],
        output: [3],
        kernel: [2],
        stride: [2],
        padding: [0],
        dilation: [1],
      }
      const x = output([6], 'float32')
      x.storage.array.set([1, NaN, 7, 7, -Infinity, -Infinity])
      const [values, places] = [output([3], 'float32'), output([3], 'int32')]
      windows.maxOfWindows(x, grid, values, places)
      expect([...places.storage.array]).toEqual([1, 2, 4])
      expect([...values.storage.array]).toEqual([NaN, 7, -Infinity])
    })
  })

  describe('indexing', () => {
    /** A shape, a dim, and the shape of an index that picks along it. */
    const picks = (): fc.Arbitrary<[shape: number[], dim: number, index: number[]]> =>
      shapes(1, 3, 1).chain((shape) =>
        fc
          .tuple(fc.nat(shape.length - 1), fc.nat(6), fc.array(fc.nat(4), { minLength: 3 }))
          .map(([dim, picked, less]) => [
            shape,
            dim,
            shape.map((size, d) => (d === dim ? picked : Math.max(1, size - less[d]))),
          ]),
      )

    /** An index in any layout whose elements name one of `below` places. */
    const indices = (shape: readonly number[], below: number): fc.Arbitrary<Operand> =>
      operands(shape, 'int32').map((x) => ({
        ...x,
        storage: storageOf(x, (value) => Math.abs(value % below)),
      }))

    test('gather, exactly', () => {
      fc.assert(
        fc.property(fc.gen(), (gen) => {
          const dtype = gen(fc.constantFrom<DType[]>, ...dtypes)
          const [shape, dim, picked] = gen(picks)
          const x = gen(operands, shape, dtype)
          const index = gen(indices, picked, shape[dim])
          const out = output(picked, dtype)
          expectSame(both(backend, [out], (b, [o]) => b.gather(x, dim, index, o)))
        }),
        { numRuns: 200 },
      )
    })

    test('scatterAdd, exactly: in the order of the elements', () => {
      fc.assert(
        fc.property(fc.gen(), (gen) => {
          const dtype = gen(fc.constantFrom<DType[]>, ...numbers)
          const [shape, dim, picked] = gen(picks)
          const x = gen(operands, picked, dtype)
          const index = gen(indices, picked, shape[dim])
          const out = gen(operands, shape, dtype, { shared: false })
          expectSame(both(backend, [out], (b, [o]) => b.scatterAdd(x, dim, index, o)))
        }),
        { numRuns: 200 },
      )
    })

    test('scatter, exactly: the last element stays', () => {
      fc.assert(
        fc.property(fc.gen(), (gen) => {
          const dtype = gen(fc.constantFrom<DType[]>, ...dtypes)
          const [shape, dim, picked] = gen(picks)
          const x = gen(operands, picked, dtype)
          const index = gen(indices, picked, shape[dim])
          const out = gen(operands, shape, dtype, { shared: false })
          expectSame(both(backend, [out], (b, [o]) => b.scatter(x, dim, index, o)))
        }),
        { numRuns: 200 },
      )
    })
  })
})

/** A storage with every element changed. */
function storageOf({ storage }: Operand, change: (value: number) => number): Storage {
  const copy = Storage.allocate(storage.dtype, storage.array.length)
  storage.array.forEach((value, i) => (copy.array[i] = change(value)))
  return new Storage(storage.dtype, copy.array, storage.offset, storage.length)
}

function positionOf({ storage, layout }: Operand, i: number): number {
  return storage.offset + positions(layout)[i]
}

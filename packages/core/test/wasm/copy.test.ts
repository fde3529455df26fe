import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Operand } from '../../src/backend.ts'
import { walk } from '../../src/backends/odometer.ts'
import { copyInVectors } from '../../src/backends/wasm-copy.ts'
import { allocateArray, type DType } from '../../src/dtype.ts'
import { Layout } from '../../src/layout.ts'
import { Storage } from '../../src/storage.ts'

/** A contiguous tensor of some shape that begins behind a few elements; all its elements differ. */
function counting(dtype: DType, shape: readonly number[], before: number): Operand {
  const layout = Layout.contiguous(shape)
  const array = allocateArray(dtype, before + layout.numel + 3) as Float32Array
  array.forEach((_, i) => (array[i] = i + 1))
  return { storage: new Storage(dtype, array, before), layout }
}

/** The elements in row-major order. */
function elements({ storage, layout }: Operand): number[] {
  const found: number[] = []
  const track = { strides: layout.strides, offset: storage.offset + layout.offset }
  walk(layout.shape, [track], ([at]) => found.push(storage.array[at] as number))
  return found
}

/** Where `x` is to be copied to, and whether what lies around it was left alone. */
function targetOf(
  { storage, layout }: Operand,
  apart = false,
): Operand & { around: () => boolean } {
  const [first = 1, ...rest] = layout.shape
  // Every other row of something twice as large.
  const whole = Layout.contiguous(apart ? [2 * first, ...rest] : layout.shape)
  const array = allocateArray(storage.dtype, whole.numel + 5) as Float32Array
  array.fill(-1)
  const own = apart && layout.shape.length > 0 ? whole.slice(0, 0, first, 2) : whole
  const out = { storage: new Storage(storage.dtype, array, 2), layout: own }
  return { ...out, around: () => array.filter((x) => x === -1).length === array.length - own.numel }
}

/** Tensors whose dims were exchanged, cut, stepped over or repeated. */
const views = fc
  .record({
    shape: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
    last: fc.constantFrom(1, 3, 4, 8, 32, 70),
    keys: fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
    cut: fc.nat(4),
    step: fc.integer({ min: 1, max: 3 }),
    before: fc.nat(3),
    dtype: fc.constantFrom<DType>('float32', 'float64', 'int32'),
    repeats: fc.constantFrom('not', 'first', 'last'),
  })
  .map(({ shape, last, keys, cut, step, before, dtype, repeats }): Operand => {
    const x = counting(dtype, [...shape, last], before)
    const dims = [...shape, last].map((_, d) => d)
    let layout = x.layout.permute(dims.toSorted((a, b) => keys[a]! - keys[b]!))
    const size = layout.shape[0]!
    if (cut < size) layout = layout.slice(0, cut, Math.ceil((size - cut) / step), step)
    if (repeats === 'first') {
      layout = new Layout([2, ...layout.shape], [0, ...layout.strides], layout.offset)
    } else if (repeats === 'last') {
      layout = new Layout([...layout.shape, 8], [...layout.strides, 0], layout.offset)
    }
    return { storage: x.storage, layout }
  })

describe('copies in another order', () => {
  test('are what they are one by one, and touch nothing else', () => {
    let done = 0
    fc.assert(
      fc.property(views, fc.boolean(), (x, apart) => {
        const out = targetOf(x, apart)
        const runs = copyInVectors(x, [out])
        done += Number(runs)
        // What is declined is not begun.
        const none = Array<number>(x.layout.numel).fill(-1)
        expect(elements(out)).toEqual(runs ? elements(x) : none)
        expect(out.around()).toBe(runs)
      }),
      { numRuns: 300, seed: 1 },
    )
    expect(done).toBeGreaterThan(100)
  })

  test.each<[DType, number[], number[]]>([
    ['float32', [16, 64, 3, 4, 32], [2, 0, 3, 1, 4]],
    ['float64', [300, 200], [1, 0]],
    ['float32', [3, 5, 7, 2, 11, 6], [5, 3, 1, 0, 2, 4]],
  ])('of %s %j by %j', (dtype, shape, dims) => {
    const x = counting(dtype, shape, 1)
    const view = { storage: x.storage, layout: x.layout.permute(dims) }
    const out = targetOf(view)
    expect(copyInVectors(view, [out])).toBe(true)
    expect(elements(out)).toEqual(elements(view))
  })

  test('leave what lies far apart to others', () => {
    const x = counting('float32', [64, 64], 0)
    const view = { storage: x.storage, layout: x.layout.slice(1, 0, 4, 16) }
    expect(copyInVectors(view, [targetOf(view)])).toBe(false)
  })

  test('keep every bit: zeros of both signs, NaN, infinities', () => {
    const x = counting('float32', [8, 8], 0)
    x.storage.array.set([-0, NaN, Infinity, -Infinity, 2 ** -149])
    const view = { storage: x.storage, layout: x.layout.permute([1, 0]) }
    const out = targetOf(view)
    expect(copyInVectors(view, [out])).toBe(true)
    expect(elements(out)).toEqual(elements(view))
  })

  test('are of equal dtypes only', () => {
    const x = counting('float64', [16, 16], 1)
    const out = { storage: Storage.allocate('float32', 256), layout: Layout.contiguous([16, 16]) }
    expect(copyInVectors(x, [out])).toBe(false)
  })
})

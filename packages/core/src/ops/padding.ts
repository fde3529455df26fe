/**
 * Padding: elements added at the ends of dims, or cut off. Any dtype; a copy.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 *
 * const x = tensor([[1, 2, 3], [4, 5, 6]])
 *
 * console.log(x.pad([1, 2]))
 * // → tensor([[0., 1., 2., 3., 0., 0.],
 * //           [0., 4., 5., 6., 0., 0.]])
 * console.log(x.pad([0, 0, 1, 0], { value: 9 }))
 * // → tensor([[9., 9., 9.],
 * //           [1., 2., 3.],
 * //           [4., 5., 6.]])
 * console.log(x.pad([2, 1], { mode: 'reflect' }))
 * // → tensor([[3., 2., 1., 2., 3., 2.],
 * //           [6., 5., 4., 5., 6., 5.]])
 * console.log(x.pad([2, 1], { mode: 'replicate' }))
 * // → tensor([[1., 1., 1., 2., 3., 3.],
 * //           [4., 4., 4., 5., 6., 6.]])
 * console.log(x.pad([-1, 0]))
 * // → tensor([[2., 3.],
 * //           [5., 6.]])
 * ```
 */
import { DTypeError, ShapeError, ValueError } from '../errors.ts'
import { holds } from '../dtype.ts'
import { clone } from '../kinds/cast.ts'
import { fullOf, generated } from '../kinds/creation.ts'
import { checkOptions, checkTensor, entry, type Entry } from '../kinds/entry.ts'
import { concatenateAlong, sliceOf } from '../kinds/structural.ts'
import { checkInteger, checkNumber, showShape, showValue } from '../shape.ts'
import type { Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import type { Padded } from '../types/reshaping.ts'
import type { ShapeOf } from '../types/shape.ts'
import { indexSelect } from './indexing.ts'

/** How {@link pad} fills what it adds. */
export interface PadOptions {
  /** `'constant'` unless given. */
  readonly mode?: 'constant' | 'reflect' | 'replicate'
  /** What `'constant'` fills with; 0 unless given. */
  readonly value?: number
}

/** `x.pad(widths, { mode, value })`. */
export interface Pad extends Entry<PadMethod> {
  <T extends Tensor, const W extends Shape>(
    x: T,
    widths: W,
    options?: PadOptions,
  ): Tensor<Padded<ShapeOf<T>, W>>
}

interface PadMethod {
  <T extends Tensor, const W extends Shape>(
    this: T,
    widths: W,
    options?: PadOptions,
  ): Tensor<Padded<ShapeOf<T>, W>>
}

/** Where the element of the padded dim comes from, by its place counted from the old start. */
const sources = {
  reflect: (i: number, size: number): number => {
    const j = Math.abs(i)
    return j < size ? j : 2 * (size - 1) - j
  },
  replicate: (i: number, size: number): number => Math.min(Math.max(i, 0), size - 1),
}

const modes = ['constant', ...Object.keys(sources)]

/**
 * x with elements added at both ends of its dims: `widths` is `[before, after]` of the last dim,
 * then of the one before it, and so on. They are `value`, mirror images of what lies inside of the
 * edge (`'reflect'`), or copies of the edge (`'replicate'`). Negative widths cut off. Any dtype; a
 * copy.
 * @shapes that of x, with both widths added to each dim that has some.
 * @throws {ShapeError} when there are more pairs than dims, more is cut off than there is, or a dim
 * has too few elements to be mirrored (it needs more than the width) or copied (one).
 * @throws {ValueError} for another mode, or widths that are no pairs of integers.
 * @throws {DTypeError} when `value` has no value in the dtype of x.
 */
export const pad: Pad = entry(
  {
    name: 'pad',
    kind: 'composed',
    moves: true,
    samples: (g) => {
      const shape = g.filled(1)
      const last = shape.at(-1)!
      return g.pick<() => readonly unknown[]>([
        () => [g.real(shape), [g.int(-last, 2), g.int(0, 2)], ...g.pick([[], [{ value: 2 }]])],
        () => [g.real(shape), [0, 1, 1, 0, 2, 0].slice(0, 2 * shape.length)],
        () => [g.real(shape), [g.int(0, 2), g.int(1 - last, 2)], { mode: 'replicate' }],
        () => [g.real(shape), [g.int(0, last - 1), g.int(1 - last, last - 1)], { mode: 'reflect' }],
      ])()
    },
  },
  (x: Tensor, widths: readonly number[], options: PadOptions = {}): Tensor => {
    const { shape, ndim, dtype } = checkTensor('pad', x)
    const { mode = 'constant', value = 0 } = checkOptions('pad', options)
    if (!modes.includes(mode)) {
      throw new ValueError(
        `pad: there is no mode ${showValue(mode)}; use one of ${modes.map(showValue).join(', ')}`,
      )
    }
    if (mode !== 'constant' && options.value !== undefined) {
      throw new ValueError(`pad: mode ${showValue(mode)} takes no value; only 'constant' does`)
    }
    if (!Array.isArray(widths) || widths.length % 2 !== 0) {
      throw new ValueError(
        `pad: expected widths as pairs [before, after] of the last dim, then of the one before it, got ${Array.isArray(widths) ? showShape(widths) : showValue(widths)}`,
      )
    }
    if (widths.length > 2 * ndim) {
      throw new ShapeError(
        `pad: ${widths.length / 2} pairs of widths are too many for a tensor of shape ${showShape(shape)}`,
      )
    }
    checkNumber('pad', 'value', value)
    if (dtype === 'bool' ? (value & 1) !== value : !holds(dtype, value)) {
      throw new DTypeError(
        `pad: the number ${value} has no value in ${dtype}; convert the tensor with .to('float32') first`,
      )
    }
    const sides = Array.from({ length: widths.length / 2 }, (_, i) => {
      const before = checkInteger('pad', 'a width', widths[2 * i])
      const after = checkInteger('pad', 'a width', widths[2 * i + 1])
      const dim = ndim - 1 - i
      checkRoom(shape, dim, before, after, mode)
      return { dim, before, after }
    }).filter(({ before, after }) => before !== 0 || after !== 0)
    if (sides.length === 0) return clone(x)
    return sides.reduce(
      (y, { dim, before, after }) =>
        mode === 'constant'
          ? between(y, dim, before, after, value)
          : indexSelect(
              y,
              dim,
              generated([shape[dim]! + before + after], 'int32', (i) =>
                sources[mode](i - before, shape[dim]!),
              ),
            ),
      x,
    )
  },
)

/** @throws {ShapeError} unless dim `dim` can be padded so. */
function checkRoom(
  shape: readonly number[],
  dim: number,
  before: number,
  after: number,
  mode: string,
): void {
  const size = shape[dim]!
  const least = mode === 'constant' ? 0 : mode === 'reflect' ? Math.max(before, after, 0) + 1 : 1
  if (size < least || size + Math.min(before, 0) + Math.min(after, 0) < 0) {
    throw new ShapeError(
      `pad: widths ${before} and ${after} don't fit dim ${dim} of shape ${showShape(shape)}, which has ${size} elements` +
        (size < least ? `; '${mode}' needs at least ${least}` : ''),
    )
  }
}

/** `x` cut or lengthened at both ends of a dim. */
function between(x: Tensor, dim: number, before: number, after: number, value: number): Tensor {
  const edge = (width: number): Tensor[] =>
    width > 0 ? [fullOf(x.shape.with(dim, width), value, x.dtype)] : []
  const start = Math.max(0, -before)
  const length = x.shape[dim]! - start - Math.max(0, -after)
  const middle = sliceOf(x, { dim, start, length, step: 1 })
  return concatenateAlong([...edge(before), middle, ...edge(after)], dim)
}

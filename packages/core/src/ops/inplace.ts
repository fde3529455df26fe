/**
 * Changes in place: each changes x and returns it. What stands in the other operand broadcasts to the
 * shape of x, which never changes, nor does its dtype. They are no functions of x, which is gone, and so
 * are never recorded: while gradients are, a tensor that requires them can be neither changed nor written
 * into another. Each throws a `GradientError` then, a `ShapeError` when the other operand doesn't
 * broadcast to the shape of x or when elements of x share memory, and a `DTypeError` when the result has
 * no place in the dtype of x; x stays as it was.
 *
 * @example
 * ```ts
 * import { noGrad, tensor } from '@gradtape/core'
 *
 * const x = tensor([1, 2, 3])
 * const w = tensor([1, 2, 3], { requiresGrad: true })
 *
 * console.log(x.add_(1)) // → tensor([2., 3., 4.])
 * console.log(x.sub_(tensor([1, 1, 1]))) // → tensor([1., 2., 3.])
 * console.log(x.mul_(2), x) // → tensor([2., 4., 6.]) tensor([2., 4., 6.])
 * console.log(x.div_(4)) // → tensor([0.5000, 1.0000, 1.5000])
 * console.log(x.copy_(tensor([7]))) // → tensor([7., 7., 7.])
 * console.log(x.fill_(5)) // → tensor([5., 5., 5.])
 * console.log(x.zero_()) // → tensor([0., 0., 0.])
 * w.sub_(0.5) // throws GradientError: sub_: …
 * console.log(noGrad(() => w.sub_(0.5))) // → tensor([0.5000, 1.5000, 2.5000], requiresGrad=true)
 * ```
 */
import { holds, isFloat } from '../dtype.ts'
import { DTypeError } from '../errors.ts'
import { castTo, computed } from '../kinds/cast.ts'
import { checkTensor, entry, type Entry, type EntryInfo } from '../kinds/entry.ts'
import { checkComputable, update, type Update } from '../kinds/update.ts'
import * as s from '../scalar/primitives.ts'
import { showValue } from '../shape.ts'
import { isTensor, type Tensor } from '../tensor.ts'

/**
 * `x.add_(other)` and the like.
 * @shapes x keeps its own, to which the other operand broadcasts.
 * @throws {GradientError} while gradients are recorded through x or the other operand.
 * @throws {ShapeError} when the other operand doesn't broadcast to x, or elements of x share
 * memory.
 * @throws {DTypeError} when the result has no place in the dtype of x, or that only keeps elements.
 */
export interface InPlace<Args extends readonly unknown[]> extends Entry<InPlaceMethod<Args>> {
  <T extends Tensor>(x: T, ...args: Args): T
}

interface InPlaceMethod<Args extends readonly unknown[]> {
  <T extends Tensor>(this: T, ...args: Args): T
}

const info = (name: string): EntryInfo => ({
  name,
  kind: 'update',
  differentiable: false,
  samples: (g) => {
    const shape = g.shape()
    return [
      g.real(shape),
      g.pick([() => g.number([0.5, 3]), () => g.real(g.broadcastable(shape), [0.5, 3])])(),
    ]
  },
})

function inPlace(
  name: string,
  formula: Update['build'],
  takes: 'all' | 'numbers' | 'floats',
): InPlace<[other: Tensor | number]> {
  const withTensor = update({ name, targets: 1, sources: 1, build: formula })
  const withNumber = update({ name, targets: 1, sources: 0, build: formula })
  return entry(info(name), (x: Tensor, other: Tensor | number): Tensor => {
    const { dtype } = checkTensor(name, x)
    checkComputable(name, dtype)
    if (takes === 'floats' && !isFloat(dtype)) {
      throw new DTypeError(
        `${name}: the result is a float and can't be kept in a tensor of dtype ${dtype}; use ${name.slice(0, -1)}`,
      )
    }
    if (dtype === 'bool' && (takes === 'numbers' || !isTensor(other))) {
      throw new DTypeError(
        `${name}: not defined for bool tensors${takes === 'numbers' ? '' : ' with numbers'}; convert with .to('int32') or a float dtype first`,
      )
    }
    if (isTensor(other)) withTensor([x, computed(other)])
    else withNumber([x], [checkNumber(name, dtype, other)])
    return x
  })
}

/** @throws {DTypeError} when a number has no value in the tensor's dtype. */
function checkNumber(name: string, dtype: Tensor['dtype'], value: unknown): number {
  if (typeof value !== 'number') {
    throw new DTypeError(`${name}: expected a tensor or a number, got ${showValue(value)}`)
  }
  if (!holds(dtype, value)) {
    throw new DTypeError(
      `${name}: the number ${value} has no value in ${dtype}; convert the tensor with .to('float32') first`,
    )
  }
  return value
}

/** `x ← x + other`. Of bools: or. */
export const add_: InPlace<[other: Tensor | number]> = inPlace(
  'add_',
  (x, y) => [s.add(x!, y!)],
  'all',
)

/** `x ← x - other`. */
export const sub_: InPlace<[other: Tensor | number]> = inPlace(
  'sub_',
  (x, y) => [s.sub(x!, y!)],
  'numbers',
)

/** `x ← x · other`. Of bools: and. */
export const mul_: InPlace<[other: Tensor | number]> = inPlace(
  'mul_',
  (x, y) => [s.mul(x!, y!)],
  'all',
)

/** `x ← x / other`, for a float tensor x. */
export const div_: InPlace<[other: Tensor | number]> = inPlace(
  'div_',
  (x, y) => [s.div(x!, y!)],
  'floats',
)

/** `x ← source`; dtypes convert. */
export const copy_: InPlace<[source: Tensor]> = entry(
  {
    ...info('copy_'),
    samples: (g) => {
      const shape = g.shape()
      return [g.real(shape), g.real(g.broadcastable(shape))]
    },
  },
  (x: Tensor, source: Tensor): Tensor => {
    copying([x, checkTensor('copy_', source).dtype === 'int64' ? castTo(source, x.dtype) : source])
    return x
  },
)

const copying = update({
  name: 'copy_',
  targets: 1,
  sources: 1,
  converts: true,
  build: (_, y) => [y!],
})
const filling = update({
  name: 'fill_',
  targets: 1,
  sources: 0,
  converts: true,
  build: (_, value) => [value!],
})

/** `x ← value`, a number, for every element. */
export const fill_: InPlace<[value: number]> = entry(
  { ...info('fill_'), samples: (g) => [g.real(g.shape()), g.number()] },
  (x: Tensor, value: number): Tensor => {
    filling([x], [checkNumber('fill_', checkTensor('fill_', x).dtype, value)])
    return x
  },
)

/** `x ← 0`, for every element. */
export const zero_: InPlace<[]> = entry(
  { ...info('zero_'), samples: (g) => [g.real(g.shape())] },
  (x: Tensor): Tensor => fill_(x, 0),
)

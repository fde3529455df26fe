import { isFloat } from '../dtype.ts'
import { DTypeError } from '../errors.ts'
import { checkTensor, entry, type Entry, type EntryInfo } from '../kinds/entry.ts'
import { update, type Update } from '../kinds/update.ts'
import * as s from '../scalar/primitives.ts'
import { showValue } from '../shape.ts'
import { isTensor, type Tensor } from '../tensor.ts'

// All of these change x and return it. They are never recorded: while gradients are, a tensor that
// requires them can be neither changed nor written into another. Each throws a GradientError then,
// a ShapeError when the other operand would not broadcast to the shape of x, and a DTypeError when
// the result has no place in its dtype.

/** `x.add_(other)` and the like. */
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
    if (isTensor(other)) withTensor([x, other])
    else withNumber([x], [checkNumber(name, dtype, other)])
    return x
  })
}

/** @throws {DTypeError} when a number has no value in the tensor's dtype. */
function checkNumber(name: string, dtype: Tensor['dtype'], value: unknown): number {
  if (typeof value !== 'number') {
    throw new DTypeError(`${name}: expected a tensor or a number, got ${showValue(value)}`)
  }
  if (dtype === 'int32' && (value | 0) !== value) {
    throw new DTypeError(
      `${name}: the number ${value} has no value in ${dtype}; convert the tensor with .to('float32') first`,
    )
  }
  return value
}

/** Adds a tensor or number to x. Of bools: or. */
export const add_: InPlace<[other: Tensor | number]> = inPlace(
  'add_',
  (x, y) => [s.add(x!, y!)],
  'all',
)

/** Subtracts a tensor or number from x. */
export const sub_: InPlace<[other: Tensor | number]> = inPlace(
  'sub_',
  (x, y) => [s.sub(x!, y!)],
  'numbers',
)

/** Multiplies x by a tensor or number. Of bools: and. */
export const mul_: InPlace<[other: Tensor | number]> = inPlace(
  'mul_',
  (x, y) => [s.mul(x!, y!)],
  'all',
)

/** Divides x, a float tensor, by a tensor or number. */
export const div_: InPlace<[other: Tensor | number]> = inPlace(
  'div_',
  (x, y) => [s.div(x!, y!)],
  'floats',
)

/** Overwrites x with the elements of a tensor that broadcasts to its shape; dtypes convert. */
export const copy_: InPlace<[source: Tensor]> = entry(
  {
    ...info('copy_'),
    samples: (g) => {
      const shape = g.shape()
      return [g.real(shape), g.real(g.broadcastable(shape))]
    },
  },
  (x: Tensor, source: Tensor): Tensor => {
    copying([x, source])
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
const filling = update({ name: 'fill_', targets: 1, sources: 0, build: (_, value) => [value!] })

/** Makes every element of x one number. */
export const fill_: InPlace<[value: number]> = entry(
  { ...info('fill_'), samples: (g) => [g.real(g.shape()), g.number()] },
  (x: Tensor, value: number): Tensor => {
    filling([x], [checkNumber('fill_', checkTensor('fill_', x).dtype, value)])
    return x
  },
)

/** Makes every element of x 0. */
export const zero_: InPlace<[]> = entry(
  { ...info('zero_'), samples: (g) => [g.real(g.shape())] },
  (x: Tensor): Tensor => fill_(x, 0),
)

/**
 * Selection and interpolation: one or the other by a condition, or a point between the two, element by
 * element. The tensors broadcast, and each value may be a number.
 *
 * @example
 * ```ts
 * import { tensor, where } from '@gradtape/core'
 *
 * const a = tensor([1, -2, 3])
 * const b = tensor([10, 20, 30])
 *
 * console.log(where(a.gt(0), a, 0), where(a.gt(0), a, b))
 * // → tensor([1., 0., 3.]) tensor([ 1., 20.,  3.])
 * console.log(a.where(a.gt(0), b)) // → tensor([ 1., 20.,  3.])
 * console.log(a.maskedFill(a.lt(0), 9)) // → tensor([1., 9., 3.])
 * console.log(a.lerp(b, 0.5), a.lerp(b, tensor([0, 0.5, 1])))
 * // → tensor([ 5.5000,  9.0000, 16.5000]) tensor([ 1.,  9., 30.])
 * ```
 */
import { applyFormula, Variants } from '../kinds/elementwise.ts'
import { entry, type Entry } from '../kinds/entry.ts'
import * as s from '../scalar/primitives.ts'
import type { Tensor } from '../tensor.ts'
import type { Broadcasted, Fits } from '../types/broadcasting.ts'
import type { ShapeOf } from '../types/shape.ts'

const selected = new Variants({
  name: 'where',
  result: 'same',
  operands: 3,
  conditional: true,
  build: (condition, a, b) => s.select(condition!, a!, b!),
})

/** `where(condition, a, b)`, and the method `a.where(condition, b)`. */
export interface Where extends Entry<WhereMethod> {
  <C extends Tensor, A extends Tensor | number, B extends Tensor | number>(
    condition: C,
    a: A & Fits<ShapeOf<C>, A>,
    b: B & Fits<Broadcasted<ShapeOf<C>, A>, B>,
  ): Tensor<Broadcasted<Broadcasted<ShapeOf<C>, A>, B>>
}

interface WhereMethod {
  <A extends Tensor, C extends Tensor, B extends Tensor | number>(
    this: A,
    condition: C & Fits<ShapeOf<A>, C>,
    other: B & Fits<Broadcasted<ShapeOf<A>, C>, B>,
  ): Tensor<Broadcasted<Broadcasted<ShapeOf<A>, C>, B>>
}

/**
 * `a` where the condition (bool) holds, else `b`. The branch not taken gets no gradient, whatever
 * stands there.
 * @shapes any three that broadcast; the result has the one that they broadcast to.
 * @throws {DTypeError} when the condition isn't of bools, or a number has no value in the dtype.
 * @throws {ShapeError} when the shapes don't broadcast.
 */
export const where: Where = entry(
  {
    name: 'where',
    kind: 'elementwise',
    samples: (g) => {
      const shape = g.shape()
      const operand = (): Tensor | number =>
        g.pick([() => g.real(g.broadcastable(shape)), () => g.number()])()
      return [g.mask(shape), g.real(g.broadcastable(shape)), operand()]
    },
    method: { receiver: 1 },
  },
  (condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor =>
    applyFormula(selected, [condition, a, b], []),
)

/** `x.maskedFill(mask, value)`. */
export interface MaskedFill extends Entry<MaskedFillMethod> {
  <T extends Tensor>(x: T, mask: Tensor, value: Tensor | number): Tensor<ShapeOf<T>>
}

interface MaskedFillMethod {
  <T extends Tensor>(this: T, mask: Tensor, value: Tensor | number): Tensor<ShapeOf<T>>
}

const filled = new Variants({
  name: 'maskedFill',
  result: 'same',
  operands: 3,
  conditional: true,
  build: (mask, value, x) => s.select(mask!, value!, x!),
})

/**
 * x with `value` (a number or a tensor) where the mask (bool) holds; there x gets no gradient.
 * @shapes that of x; mask and value broadcast with it.
 * @throws {DTypeError} when the mask isn't of bools, or a number has no value in the dtype of x.
 * @throws {ShapeError} when the shapes don't broadcast.
 */
export const maskedFill: MaskedFill = entry(
  {
    name: 'maskedFill',
    kind: 'elementwise',
    samples: (g) => {
      const shape = g.shape()
      return [g.real(shape), g.mask(g.broadcastable(shape)), g.pick([g.number(), g.real([])])]
    },
  },
  (x: Tensor, mask: Tensor, value: Tensor | number): Tensor =>
    applyFormula(filled, [mask, value, x], []),
)

/** `a.lerp(b, weight)`. */
export interface Lerp extends Entry<LerpMethod> {
  <T extends Tensor, X extends Tensor>(
    start: T,
    end: X & Fits<ShapeOf<T>, X>,
    weight: Tensor | number,
  ): Tensor<Broadcasted<ShapeOf<T>, X>>
}

interface LerpMethod {
  <T extends Tensor, X extends Tensor>(
    this: T,
    end: X & Fits<ShapeOf<T>, X>,
    weight: Tensor | number,
  ): Tensor<Broadcasted<ShapeOf<T>, X>>
}

const interpolated = new Variants({
  name: 'lerp',
  result: 'float',
  operands: 3,
  // From the nearer end, so that weight 1 gives `b` itself.
  build: (a, b, w) =>
    s.select(
      s.lt(s.abs(w!), 0.5),
      s.add(a!, s.mul(w!, s.sub(b!, a!))),
      s.sub(b!, s.mul(s.sub(b!, a!), s.sub(1, w!))),
    ),
})

/**
 * The point `weight` (a number or tensor) of the way from a to b, `a + weight · (b - a)`.
 * @shapes any that broadcast; the result has the one that they broadcast to.
 * @throws {ShapeError} when the shapes don't broadcast.
 */
export const lerp: Lerp = entry(
  {
    name: 'lerp',
    kind: 'elementwise',
    samples: (g) => {
      const shape = g.shape()
      const weight = g.pick([() => g.real(g.broadcastable(shape)), () => g.number()])()
      return [g.real(shape), g.real(g.broadcastable(shape)), weight]
    },
  },
  (a: Tensor, b: Tensor, weight: Tensor | number): Tensor =>
    applyFormula(interpolated, [a, b, weight], []),
)

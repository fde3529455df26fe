import { applyFormula, Variants } from '../kinds/elementwise.ts'
import { entry, type Entry } from '../kinds/entry.ts'
import * as s from '../scalar/primitives.ts'
import type { Tensor } from '../tensor.ts'
import type { Broadcasted, Fits, ShapeOf } from '../types/shape.ts'

const selected = new Variants({
  name: 'where',
  result: 'same',
  operands: 3,
  conditional: true,
  build: (condition, a, b) => s.select(condition!, a!, b!),
})

/** `where(condition, a, b)`, and the method `a.where(condition, b)`. */
export interface Where extends Entry<WhereMethod> {
  (condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor
}

interface WhereMethod {
  (this: Tensor, condition: Tensor, other: Tensor | number): Tensor
}

/**
 * `a` where the condition (bool) holds, else `b`; the three broadcast, a and b promote. The branch
 * not taken gets no gradient, whatever stands there.
 */
export const where: Where = entry(
  {
    name: 'where',
    kind: 'elementwise',
    differentiable: true,
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

/** x with `value` (a number, or a 0-d tensor) where the mask (bool, broadcasting) holds. */
export const maskedFill: MaskedFill = entry(
  {
    name: 'maskedFill',
    kind: 'elementwise',
    differentiable: true,
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

/** The point `weight` (a number or tensor) of the way from a to b, `a + weight · (b - a)`. */
export const lerp: Lerp = entry(
  {
    name: 'lerp',
    kind: 'elementwise',
    differentiable: true,
    samples: (g) => {
      const shape = g.shape()
      const weight = g.pick([() => g.real(g.broadcastable(shape)), () => g.number()])()
      return [g.real(shape), g.real(g.broadcastable(shape)), weight]
    },
  },
  (a: Tensor, b: Tensor, weight: Tensor | number): Tensor =>
    applyFormula(interpolated, [a, b, weight], []),
)

import type { Shape, ShapeOf, Tensor } from '@gradtape/core'

/** The type of one row (`x.at(i)`) of a tensor. */
export type RowOf<X extends Tensor> =
  ShapeOf<X> extends readonly [number, ...infer Rest extends Shape] ? Tensor<[...Rest]> : Tensor

/** The type of any number of tensors of one shape, stacked. */
export type StackOf<X extends Tensor> = number extends ShapeOf<X>['length']
  ? Tensor
  : Tensor<[number, ...ShapeOf<X>]>

/** The type of any number of rows of a tensor. */
export type RowsOf<X extends Tensor> = StackOf<RowOf<X>>

import { ShapeError, ValueError } from '@gradtape/core'
import type { Tensor } from '@gradtape/core'
import type { Collated } from './collate.ts'
import type { Dataset } from './dataset.ts'
import type { RowOf } from './row-shapes.ts'

/** The type of one sample: a row of each tensor. */
export type Samples<T extends readonly Tensor[]> = { -readonly [K in keyof T]: RowOf<T[K]> }

/**
 * Tensors of the same length, side by side: sample i is `[a.at(i), b.at(i), …]`.
 *
 * @throws {ValueError} without a tensor.
 * @throws {ShapeError} when a tensor is 0-d or the lengths (first dimensions) differ.
 */
export class TensorDataset<T extends readonly Tensor[]> implements Dataset<Samples<T>> {
  readonly tensors: T
  readonly length: number

  constructor(...tensors: T) {
    const first = tensors[0]
    if (first === undefined) throw new ValueError('TensorDataset: expected at least one tensor')
    for (const { ndim } of tensors) {
      if (ndim === 0) {
        throw new ShapeError('TensorDataset: a 0-d tensor has no first dimension to index')
      }
    }
    this.length = first.size(0)
    if (tensors.some((each) => each.size(0) !== this.length)) {
      const lengths = tensors.map((each) => each.size(0)).join(', ')
      throw new ShapeError(
        `TensorDataset: all tensors must have the same first dimension, got ${lengths}`,
      )
    }
    this.tensors = tensors
  }

  /** @throws {ValueError} when `index` is not an integer from 0 to length − 1. */
  at(index: number): Samples<T> {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) {
      throw new ValueError(
        `TensorDataset.at: index must be an integer from 0 to ${this.length - 1}, got ${index}`,
      )
    }
    return this.tensors.map((each) => each.at(index)) as readonly Tensor[] as Samples<T>
  }

  /** The samples at `indices` in one `indexSelect` a tensor. */
  batch(indices: Tensor): Collated<Samples<T>> {
    return this.tensors.map((each) =>
      each.indexSelect(0, indices),
    ) as readonly Tensor[] as Collated<Samples<T>>
  }
}

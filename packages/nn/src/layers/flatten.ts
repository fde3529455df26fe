import { flatten, type Tensor } from '@gradtape/core'
import { Module } from '../module/module.ts'

export interface FlattenOptions {
  /** The first dim that is joined; 1 unless given, so that the batch stays. */
  readonly startDim?: number
  /** The last one; -1 unless given. */
  readonly endDim?: number
}

/** Joins dims into one, from `startDim` to `endDim`: by default all but the first. */
export class Flatten extends Module {
  readonly startDim: number
  readonly endDim: number

  constructor({ startDim = 1, endDim = -1 }: FlattenOptions = {}) {
    super()
    this.startDim = startDim
    this.endDim = endDim
  }

  /** @throws {ShapeError} when x doesn't have these dims, in this order. */
  forward(x: Tensor): Tensor {
    return flatten(x, this.startDim, this.endDim)
  }

  override extraRepr(): string {
    return `startDim=${this.startDim}, endDim=${this.endDim}`
  }
}

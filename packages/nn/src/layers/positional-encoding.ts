import { tensor, type ShapeOf, type Tensor } from '@gradtape/core'
import { Module } from '../module/module.ts'
import { checkFlag, checkNames, checkSize, type ParameterDtype } from '../options.ts'
import type { Keeps, Ruled } from '../shape-rules.ts'
import { addPositions } from './positions.ts'

export interface PositionalEncodingOptions extends ParameterDtype {
  /** How many places there are encodings of; 1024 unless given. */
  readonly maxLength?: number
  /** Whether the batch is the first dimension, and time the second; false unless given. */
  readonly batchFirst?: boolean
}

const names = ['maxLength', 'batchFirst', 'dtype'] as const

/**
 * Adds to each place of a sequence what tells it from others (Vaswani et al. 2017): waves of falling
 * frequency, `sin(t / 10000^(2i/dModel))` in feature 2i and the cosine of the same in feature 2i + 1.
 *
 * Maps `[time, batch, dModel]` (`batchFirst`: `[batch, time, dModel]`; one sequence: `[time, dModel]`)
 * to the same shape. Nothing is learned, and state dicts hold nothing of it.
 *
 * @throws {ValueError} in the constructor when a size is below 1.
 *
 * @example
 * ```ts
 * import { zeros } from '@gradtape/core'
 * import { PositionalEncoding } from '@gradtape/nn'
 *
 * console.log(new PositionalEncoding(4).forward(zeros([3, 4])))
 * // → tensor([[ 0.0000,  1.0000,  0.0000,  1.0000],
 * //           [ 0.8415,  0.5403,  0.0100,  0.9999],
 * //           [ 0.9093, -0.4161,  0.0200,  0.9998]])
 * ```
 */
export class PositionalEncoding extends Module implements Ruled<Keeps> {
  declare readonly '~rule'?: Keeps
  readonly dModel: number
  readonly maxLength: number
  readonly batchFirst: boolean
  readonly encoding: Tensor

  constructor(dModel: number, options: PositionalEncodingOptions = {}) {
    super()
    const name = 'PositionalEncoding'
    const { maxLength = 1024, batchFirst = false, dtype } = checkNames(name, options, names)
    this.dModel = checkSize(name, 'dModel', dModel, 1)
    this.maxLength = checkSize(name, 'maxLength', maxLength, 1)
    this.batchFirst = checkFlag(name, 'batchFirst', batchFirst)
    const waves = new Array<number>(maxLength * dModel)
    for (let i = 0; i < waves.length; i++) {
      const feature = i % dModel
      const angle = ((i - feature) / dModel) * 10000 ** (-(feature - (feature % 2)) / dModel)
      waves[i] = feature % 2 === 0 ? Math.sin(angle) : Math.cos(angle)
    }
    const table = tensor(waves, { dtype, shape: [maxLength, dModel] })
    this.encoding = this.registerBuffer('encoding', table, { persistent: false })
  }

  /**
   * @throws {ShapeError} for a sequence of other features, or of more than `maxLength` times.
   * @throws {DTypeError} for integers and bools.
   */
  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return addPositions(this, x, this.encoding) as never
  }

  override extraRepr(): string {
    return `${this.dModel}, maxLength=${this.maxLength}`
  }
}

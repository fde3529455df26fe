import { zeros, type ShapeOf, type Tensor } from '@gradtape/core'
import { normal_ } from '../init.ts'
import { Module } from '../module/module.ts'
import { Parameter } from '../module/parameter.ts'
import { checkFlag, checkNames, checkSize, type ParameterStart } from '../options.ts'
import type { Keeps, Ruled } from '../shape-rules.ts'
import { addPositions } from './positions.ts'

export interface LearnedPositionalEncodingOptions extends ParameterStart {
  /** Whether the batch is the first dimension, and time the second; false unless given. */
  readonly batchFirst?: boolean
}

/**
 * Adds to each place of a sequence a vector of its own that is learned: the positional embedding of BERT
 * and GPT. Shapes are those of {@link PositionalEncoding}.
 *
 * `weight`, `[maxLength, dModel]`, starts normal with deviation 0.02.
 *
 * @throws {ValueError} in the constructor when a size is below 1.
 *
 * @example
 * ```ts
 * import { zeros } from '@gradtape/core'
 * import { LearnedPositionalEncoding } from '@gradtape/nn'
 *
 * const positions = new LearnedPositionalEncoding(64, 8, { batchFirst: true })
 * console.log(positions.forward(zeros([4, 10, 8])).shape) // → [ 4, 10, 8 ]
 * ```
 */
export class LearnedPositionalEncoding extends Module implements Ruled<Keeps> {
  declare readonly '~rule'?: Keeps
  readonly maxLength: number
  readonly dModel: number
  readonly batchFirst: boolean
  readonly weight: Parameter

  constructor(maxLength: number, dModel: number, options: LearnedPositionalEncodingOptions = {}) {
    super()
    const name = 'LearnedPositionalEncoding'
    const {
      batchFirst = false,
      dtype,
      generator,
    } = checkNames(name, options, ['batchFirst', 'dtype', 'generator'])
    this.maxLength = checkSize(name, 'maxLength', maxLength, 1)
    this.dModel = checkSize(name, 'dModel', dModel, 1)
    this.batchFirst = checkFlag(name, 'batchFirst', batchFirst)
    const start: Tensor = zeros([maxLength, dModel], { dtype })
    this.weight = new Parameter(normal_(start, { std: 0.02, generator }))
  }

  /**
   * @throws {ShapeError} for a sequence of other features, or of more than `maxLength` times.
   * @throws {DTypeError} for integers and bools.
   */
  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    return addPositions(this, x, this.weight) as never
  }

  override extraRepr(): string {
    return `${this.maxLength}, ${this.dModel}`
  }
}

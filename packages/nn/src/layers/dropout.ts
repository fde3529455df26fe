import {
  host,
  isGradEnabled,
  notice,
  ValueError,
  type RandomGenerator,
  type ShapeOf,
  type Tensor,
} from '@gradtape/core'
import { checkProbability, dropout } from '../functional/dropout.ts'
import { Module } from '../module/module.ts'
import type { Keeps, Ruled } from '../shape-rules.ts'

export interface DropoutOptions {
  /** How likely each element is dropped, from 0 to 1; 0.5 unless given. */
  readonly p?: number
  /** Where the choice comes from; the default generator unless given. */
  readonly generator?: RandomGenerator
}

/**
 * In training, zeroes elements at random and scales the others by `1/(1-p)`; else gives back its
 * input (Hinton et al. 2012).
 *
 * @throws {ValueError} in the constructor when `p` is not from 0 to 1.
 */
export class Dropout extends Module implements Ruled<Keeps> {
  declare readonly '~rule'?: Keeps
  readonly p: number
  readonly generator: RandomGenerator | undefined
  #unrecorded = 0

  constructor(options: DropoutOptions = {}) {
    super()
    // A number has no p, and 0.5 would be taken whatever it is.
    if (typeof options === 'number') {
      throw new ValueError(`Dropout: p is an option: write new Dropout({ p: ${String(options)} })`)
    }
    const { p = 0.5, generator } = options
    this.p = checkProbability('Dropout', p)
    this.generator = generator
  }

  forward<X extends Tensor>(x: X): Tensor<ShapeOf<X>> {
    const { p, generator } = this
    // Without anything to drop nothing is drawn either.
    const training = host(this, 'training') && p > 0
    if (training && !isGradEnabled() && ++this.#unrecorded === 3) {
      notice(
        'training',
        () =>
          'a Dropout in training mode is used under noGrad, so that what is evaluated is random; call model.eval() before, and model.train() afterwards',
      )
    }
    return dropout(x, { p, generator, training })
  }

  override extraRepr(): string {
    return `p=${this.p}`
  }
}

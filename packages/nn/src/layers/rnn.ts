import { elementwise, relu, scalar as s, ValueError, type Tensor } from '@gradtape/core'
import { linear } from '../functional/linear.ts'
import {
  checkStates,
  Recurrent,
  type Cell,
  type CellWeights,
  type RecurrentOptions,
} from './recurrent.ts'

export interface RNNOptions extends RecurrentOptions {
  /** What the sum goes through; `'tanh'` unless given. */
  readonly nonlinearity?: 'tanh' | 'relu'
}

const tanhOfSum = /* @__PURE__ */ elementwise('rnnCell', (x, h) => s.tanh(s.add(x, h)))

/**
 * A simple recurrent layer (Elman 1990): `hₜ = tanh(xₜ Wᵢₕᵀ + bᵢₕ + hₜ₋₁ Wₕₕᵀ + bₕₕ)`, or `relu` of it.
 *
 * It maps `[time, batch, inputSize]` (`batchFirst`: `[batch, time, inputSize]`; one sequence:
 * `[time, inputSize]`) to `[output, h]`: the last layer's states at all times, of the input's shape with
 * `hiddenSize` (in both directions twice that, forward before backward) in the last dimension, and the
 * last states of all layers, `[layers · directions, batch, hiddenSize]`.
 *
 * Parameters, for layer 0: `weightIhL0` `[hiddenSize, inputSize]`, `weightHhL0`
 * `[hiddenSize, hiddenSize]`, `biasIhL0`, `biasHhL0` `[hiddenSize]`; backward `weightIhL0Reverse` and so
 * on; all start uniform in ±1/√hiddenSize. In state dicts they are `weight_ih_l0`, ….
 *
 * @throws {ValueError} in the constructor when a size is below 1 or an option out of range.
 *
 * @example
 * ```ts
 * import { zeros } from '@gradtape/core'
 * import { RNN } from '@gradtape/nn'
 *
 * const [output, h] = new RNN(3, 8).forward(zeros([5, 2, 3]))
 * console.log(output.shape, h.shape) // → [ 5, 2, 8 ] [ 1, 2, 8 ]
 * ```
 */
export class RNN extends Recurrent {
  readonly nonlinearity: 'tanh' | 'relu'

  constructor(inputSize: number, hiddenSize: number, options: RNNOptions = {}) {
    super(inputSize, hiddenSize, options, { gates: 1, own: ['nonlinearity'] })
    const { nonlinearity = 'tanh' } = options
    if (nonlinearity !== 'tanh' && nonlinearity !== 'relu') {
      throw new ValueError(
        `RNN: nonlinearity must be 'tanh' or 'relu', got '${String(nonlinearity)}'`,
      )
    }
    this.nonlinearity = nonlinearity
  }

  /**
   * @param h the states before the first time, `[layers · directions, batch, hiddenSize]`; zeros unless
   * given.
   * @throws {ShapeError} when the input or `h` doesn't fit.
   * @throws {DTypeError} unless both are floats.
   */
  forward(x: Tensor, h?: Tensor): [output: Tensor, h: Tensor] {
    checkStates('RNN', h, 1)
    const [output, states] = this.run(x, h && [h], [this.hiddenSize])
    return [output, states[0]!]
  }

  protected cell({ weightHh, biasIh, biasHh }: CellWeights): Cell {
    const ofSum = this.nonlinearity === 'tanh' ? tanhOfSum : reluOfSum
    return {
      bias: biasIh && biasHh ? biasIh.add(biasHh) : null,
      step: (input, [h]) => [ofSum(input, linear(h!, weightHh))],
    }
  }

  override extraRepr(): string {
    const more = this.nonlinearity === 'tanh' ? '' : ', nonlinearity=relu'
    return super.extraRepr() + more
  }
}

function reluOfSum(x: Tensor, h: Tensor): Tensor {
  return relu(x.add(h))
}

import { elementwise, scalar as s, ValueError, type Tensor } from '@gradtape/core'
import { linear } from '../functional/linear.ts'
import {
  checkStates,
  Recurrent,
  type Cell,
  type CellWeights,
  type RecurrentOptions,
} from './recurrent.ts'

export interface LSTMOptions extends RecurrentOptions {
  /** The size that the output is projected to by a matrix, below `hiddenSize`; 0, unless given, for none. */
  readonly projSize?: number
}

const cellOf = /* @__PURE__ */ elementwise('lstmCell', (i, f, g, c) =>
  s.add(s.mul(s.sigmoid(f), c), s.mul(s.sigmoid(i), s.tanh(g))),
)
const outputOf = /* @__PURE__ */ elementwise('lstmOutput', (o, c) => s.mul(s.sigmoid(o), s.tanh(c)))

/**
 * A layer of long short-term memory (Hochreiter, Schmidhuber 1997; with forget gates, Gers et al. 2000):
 * with i, f, g and o each of the form `xₜ Wᵢᵀ + bᵢ + hₜ₋₁ Wₕᵀ + bₕ`, the cell is
 * `cₜ = σ(f) · cₜ₋₁ + σ(i) · tanh(g)` and the output `hₜ = σ(o) · tanh(cₜ)`. With `projSize` it is
 * multiplied by a matrix (Sak et al. 2014).
 *
 * Inputs, output, options and names of parameters are those of {@link RNN}, but the states are two:
 * `[output, [h, c]]`. The rows of the weights are i, f, g and o below each other, `[4 · hiddenSize, …]`;
 * that of the projection is `weightHrL0`, `[projSize, hiddenSize]`.
 *
 * @throws {ValueError} in the constructor when a size is below 1 or an option out of range.
 *
 * @example
 * ```ts
 * import { zeros } from '@gradtape/core'
 * import { LSTM } from '@gradtape/nn'
 *
 * const [output, [h, c]] = new LSTM(3, 8, { batchFirst: true }).forward(zeros([2, 5, 3]))
 * console.log(output.shape, h.shape, c.shape) // → [ 2, 5, 8 ] [ 1, 2, 8 ] [ 1, 2, 8 ]
 * ```
 */
export class LSTM extends Recurrent {
  readonly projSize: number

  constructor(inputSize: number, hiddenSize: number, options: LSTMOptions = {}) {
    const projSize = options?.projSize ?? 0
    if (
      !Number.isSafeInteger(projSize) ||
      projSize < 0 ||
      (projSize > 0 && projSize >= hiddenSize)
    ) {
      throw new ValueError(
        `LSTM: projSize must be an integer below hiddenSize ${hiddenSize}, or 0 for no projection, got ${String(projSize)}`,
      )
    }
    super(inputSize, hiddenSize, options, {
      gates: 4,
      projSize: projSize || undefined,
      own: ['projSize'],
    })
    this.projSize = projSize
  }

  /**
   * @param states those before the first time, `[h, c]`, `[layers · directions, batch, hiddenSize]` each
   * (h: projSize, if there is one); zeros unless given.
   * @throws {ShapeError} when the input or a state doesn't fit.
   * @throws {DTypeError} unless all are floats.
   * @throws {ValueError} when `states` is no pair.
   */
  forward(
    x: Tensor,
    states?: readonly [h: Tensor, c: Tensor],
  ): [output: Tensor, states: [h: Tensor, c: Tensor]] {
    checkStates('LSTM', states, 2)
    const sizes = [this.projSize || this.hiddenSize, this.hiddenSize]
    const [output, last] = this.run(x, states, sizes)
    return [output, last as [Tensor, Tensor]]
  }

  protected cell({ weightHh, biasIh, biasHh, weightHr }: CellWeights): Cell {
    return {
      bias: biasIh && biasHh ? biasIh.add(biasHh) : null,
      step: (input, [h, before]) => {
        const gates = input.add(linear(h!, weightHh)).split(this.hiddenSize, -1)
        const [i, f, g, o] = gates as [Tensor, Tensor, Tensor, Tensor]
        const c = cellOf(i, f, g, before!)
        const output = outputOf(o, c)
        return [weightHr ? linear(output, weightHr) : output, c]
      },
    }
  }

  override extraRepr(): string {
    return super.extraRepr() + (this.projSize > 0 ? `, projSize=${this.projSize}` : '')
  }
}

import { elementwise, scalar as s, type Tensor } from '@gradtape/core'
import { linear } from '../functional/linear.ts'
import {
  checkStates,
  Recurrent,
  type Cell,
  type CellWeights,
  type RecurrentOptions,
} from './recurrent.ts'

export interface GRUOptions extends RecurrentOptions {}

const gatesOf = /* @__PURE__ */ elementwise('gruGates', (x, h) => s.sigmoid(s.add(x, h)))

const stateOf = /* @__PURE__ */ elementwise('gruState', (r, z, x, ofH, h) => {
  const proposed = s.tanh(s.add(x, s.mul(r, ofH)))
  return s.add(proposed, s.mul(z, s.sub(h, proposed)))
})

/**
 * A layer of gated recurrent units (Cho et al. 2014):
 * `r = σ(xₜ Wᵢᵣᵀ + bᵢᵣ + hₜ₋₁ Wₕᵣᵀ + bₕᵣ)`, `z` likewise,
 * `n = tanh(xₜ Wᵢₙᵀ + bᵢₙ + r · (hₜ₋₁ Wₕₙᵀ + bₕₙ))` and `hₜ = (1 - z) · n + z · hₜ₋₁`.
 *
 * Inputs, outputs, options and names of parameters are those of {@link RNN}; the rows of the weights are
 * r, z and n below each other, `[3 · hiddenSize, …]`.
 *
 * @throws {ValueError} in the constructor when a size is below 1 or an option out of range.
 *
 * @example
 * ```ts
 * import { zeros } from '@gradtape/core'
 * import { GRU } from '@gradtape/nn'
 *
 * const [output, h] = new GRU(3, 8, { bidirectional: true }).forward(zeros([5, 2, 3]))
 * console.log(output.shape, h.shape) // → [ 5, 2, 16 ] [ 2, 2, 8 ]
 * ```
 */
export class GRU extends Recurrent {
  constructor(inputSize: number, hiddenSize: number, options: GRUOptions = {}) {
    super(inputSize, hiddenSize, options, { gates: 3 })
  }

  /**
   * @param h the states before the first time, `[layers · directions, batch, hiddenSize]`; zeros unless
   * given.
   * @throws {ShapeError} when the input or `h` doesn't fit.
   * @throws {DTypeError} unless both are floats.
   */
  forward(x: Tensor, h?: Tensor): [output: Tensor, h: Tensor] {
    checkStates('GRU', h, 1)
    const [output, states] = this.run(x, h && [h], [this.hiddenSize])
    return [output, states[0]!]
  }

  protected cell({ weightHh, biasIh, biasHh }: CellWeights): Cell {
    const size = this.hiddenSize
    return {
      bias: biasIh ?? null,
      step: (input, [h]) => {
        const ofState = linear(h!, weightHh, biasHh)
        const gates = gatesOf(input.narrow(-1, 0, 2 * size), ofState.narrow(-1, 0, 2 * size))
        const [r, z] = gates.split(size, -1) as [Tensor, Tensor]
        const [x, ofH] = [input, ofState].map((part) => part.narrow(-1, 2 * size, size))
        return [stateOf(r, z, x!, ofH!, h!)]
      },
    }
  }
}

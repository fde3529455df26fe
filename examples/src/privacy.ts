import { arange, cat, zeros } from '@gradtape/core'

/** A run of differentially private gradient descent. */
export interface PrivateRun {
  /** The chance with which an example takes part in a step. */
  readonly share: number
  /** The noise's standard deviation, in units of the length that gradients are clipped to. */
  readonly noise: number
  readonly steps: number
  /** The probability with which the promise may fail. */
  readonly delta: number
}

/**
 * The ε for which such a run is (ε, δ)-differentially private. Each step costs, in Rényi's measure of
 * order α = 2, 3, …,
 *
 * log Σₖ C(α, k) (1 − q)^(α−k) q^k exp(k(k − 1) / 2σ²) / (α − 1)
 *
 * (I. Mironov, K. Talwar, L. Zhang, Rényi differential privacy of the sampled Gaussian mechanism,
 * 2019). The costs of the steps add up, and the order is chosen that gives the least ε
 * (I. Mironov, Rényi differential privacy, 2017).
 */
export function epsilon({ share, noise, steps, delta }: PrivateRun): number {
  const float64 = { dtype: 'float64' } as const
  const logFactorials = cat([zeros([1], float64), arange(1, 257, float64).log().cumsum(0)])
  const costs = Array.from({ length: 255 }, (_, i) => {
    const order = i + 2
    const k = arange(order + 1, float64)
    const upTo = logFactorials.narrow(0, 0, order + 1)
    const logWays = logFactorials.at(order).sub(upTo).sub(upTo.flip(0))
    const logTerms = logWays
      .add(k.flip(0).mul(Math.log1p(-share)))
      .add(k.mul(Math.log(share)))
      .add(k.mul(k.sub(1)).div(2 * noise ** 2))
    return (steps * logTerms.logsumexp(0).item() - Math.log(delta)) / (order - 1)
  })
  return Math.min(...costs)
}

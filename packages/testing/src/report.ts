import { GradtapeError, type Tensor } from '@gradtape/core'
import type { Difference } from './differences.ts'
import { indexOf } from './element.ts'

/** Where the tape and the differences disagree most. */
export interface Disagreement {
  /** Which input: `input 0`, or `cotangent of output 0` in second order. */
  readonly input: string
  readonly index: readonly number[]
  /** The derivative by differences. */
  readonly expected: number
  /** The derivative by the tape. */
  readonly found: number
  readonly tolerance: number
}

/** A gradient that is not the function's. */
export class GradcheckError extends GradtapeError {
  override readonly name: string = 'GradcheckError'
  /** The entry that is farthest beyond its tolerance. */
  readonly worst: Disagreement

  constructor(message: string, worst: Disagreement) {
    super(message)
    this.worst = worst
  }
}

export interface Tolerance {
  readonly atol: number
  readonly rtol: number
}

/** Collects comparisons of single derivatives; knows in the end whether all were within tolerance. */
export class Report {
  #compared = 0
  #wrong = 0
  #excess = 1
  #worst: Disagreement | null = null

  /** `gradient` has the shape of `x`; none means zeros. */
  compare(
    input: string,
    x: Tensor,
    gradient: Tensor | null,
    by: readonly Difference[],
    { atol, rtol }: Tolerance,
  ): void {
    const elements = gradient?.data
    by.forEach(({ value: expected, uncertainty }, i) => {
      const found = elements === undefined ? 0 : elements[i]!
      const tolerance = atol + rtol * Math.abs(expected) + uncertainty
      const ratio = Math.abs(found - expected) / tolerance
      const excess = Number.isNaN(ratio) ? Infinity : ratio
      this.#compared++
      if (excess <= 1) return
      this.#wrong++
      if (this.#worst !== null && excess <= this.#excess) return
      this.#excess = excess
      this.#worst = { input, index: indexOf(i, x.shape), expected, found, tolerance }
    })
  }

  /** @throws {GradcheckError} naming the worst entry when one was beyond its tolerance. */
  conclude(where: string, seed: number): void {
    const worst = this.#worst
    if (worst === null) return
    const { input, index, expected, found, tolerance } = worst
    throw new GradcheckError(
      `${where}: the gradient of ${input} at [${index.join(', ')}] is ${expected} by differences, but ${found} by the tape ` +
        `(${Math.abs(found - expected)} apart, ${tolerance} allowed); ` +
        `${this.#wrong} of ${this.#compared} derivatives disagree, this one most (cotangents of seed ${seed})`,
      worst,
    )
  }
}

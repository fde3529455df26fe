import { ValueError } from '@gradtape/core'

export interface GradcheckOptions {
  /**
   * The step of the differences, in proportion to elements above 1; 1e-4 unless given. It is wider
   * than PyTorch's, as two steps are extrapolated; where that is not sharp enough, narrower and wider
   * ones are tried.
   */
  readonly eps?: number
  /** What derivatives may differ by; 1e-8 unless given. */
  readonly atol?: number
  /** What they may differ by in proportion to the derivative by differences; 1e-7 unless given. */
  readonly rtol?: number
  /**
   * What float32 gradients may differ by from those in float64, in proportion to them; to that come a
   * hundredth of it in proportion to the largest derivative of the same output, and 1e-6. 1e-3 unless
   * given.
   */
  readonly rtolFloat32?: number
  /** Whether a wrong gradient throws or makes the check return false; true unless given. */
  readonly raiseException?: boolean
  /** What repeated passes may differ by; 0 unless given. */
  readonly nondetTol?: number
  /**
   * Compares a few random projections of the Jacobian in place of its entries, so that the time does
   * not grow with their number. What is found wrong so is looked for entry by entry. False unless given.
   */
  readonly fastMode?: boolean
  /**
   * Whether forward mode must be the adjoint of reverse mode. Unless given it must where the function
   * has a forward mode: where none of its ops is a custom one without `jvp`.
   */
  readonly checkForwardAd?: boolean
  /** Whether pullbacks must run under vmap and give what a loop gives; false unless given. */
  readonly checkBatchedGrad?: boolean
  /**
   * At how many elements of the inputs there may be a kink, where any slope between those of both
   * sides passes; a tenth of them, and at least one, unless given.
   */
  readonly maxKinks?: number
  /** Chooses the random directions and cotangents; 0 unless given. */
  readonly seed?: number
}

export type Settings = Required<Omit<GradcheckOptions, 'checkForwardAd' | 'maxKinks'>> &
  Pick<GradcheckOptions, 'checkForwardAd' | 'maxKinks'>

const defaults: Settings = {
  eps: 1e-4,
  atol: 1e-8,
  rtol: 1e-7,
  rtolFloat32: 1e-3,
  raiseException: true,
  nondetTol: 0,
  fastMode: false,
  checkForwardAd: undefined,
  checkBatchedGrad: false,
  maxKinks: undefined,
  seed: 0,
}

/** @throws {ValueError} for an option out of its range, or an unknown one. */
export function checkOptions(where: string, options: GradcheckOptions): Settings {
  for (const key of Object.keys(options)) {
    if (!(key in defaults)) {
      throw new ValueError(
        `${where}: there is no option '${key}'; there are ${Object.keys(defaults).join(', ')}`,
      )
    }
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const settings: Settings = { ...defaults, ...Object.fromEntries(given) }
  const { eps, maxKinks = 0, seed } = settings
  if (!(eps > 0 && eps < 1)) {
    throw new ValueError(`${where}: eps must be between 0 and 1, got ${eps}`)
  }
  for (const key of ['atol', 'rtol', 'rtolFloat32', 'nondetTol'] as const) {
    if (!(settings[key] >= 0)) {
      throw new ValueError(`${where}: ${key} must not be negative, got ${settings[key]}`)
    }
  }
  if (!(Number.isInteger(maxKinks) && maxKinks >= 0)) {
    throw new ValueError(`${where}: maxKinks must be a count, got ${maxKinks}`)
  }
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new ValueError(`${where}: seed must be an integer from 0 on, got ${seed}`)
  }
  return settings
}

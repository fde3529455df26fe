import type { Tensor } from '@gradtape/core'
import { tensorCode } from '../code.ts'
import { GradcheckError } from './report.ts'
import type { GradcheckOptions } from './options.ts'

/** Up to how many elements of the inputs a message spells out. */
const SPELT = 24

/** The error with the call that repeats it. */
export function repeated(
  error: GradcheckError,
  name: string,
  inputs: readonly Tensor[],
  options: GradcheckOptions,
): GradcheckError {
  const { raiseException: _, ...rest } = { seed: 0, ...options }
  const settings = Object.entries(rest).map(([key, value]) => `${key}: ${value}`)
  const call = `${name}(f, [${inputs.map(codeOf).join(', ')}], { ${settings.join(', ')} })`
  const message = `${error.message}\n  repeat: ${call}`
  return new GradcheckError(message, error.reason, error.wrong)
}

function codeOf(x: Tensor): string {
  if (x.numel > SPELT) return `(a ${x.dtype} tensor of shape [${x.shape.join(', ')}])`
  return tensorCode(x, true)
}

import { category, holds, type DType } from '../dtype.ts'
import { DTypeError, ValueError } from '../errors.ts'
import { generated } from '../kinds/creation.ts'
import { checkOptions } from '../kinds/entry.ts'
import { checkInteger, checkNumber } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import { dtypeOr, finish, type CreationOptions } from './options.ts'

function rangeType(where: string, dtype: DType | undefined): DType {
  const type = dtypeOr(where, dtype)
  if (type === 'bool') throw new DTypeError(`${where}: bool has no ranges; use a number dtype`)
  return type
}

/**
 * The numbers `start, start + step, …` before `end`: `arange(end)`, `arange(start, end)`,
 * `arange(start, end, step)`, each with options. Of the default float dtype unless one is given.
 * @throws {ValueError} when the step is 0 or leads away from the end.
 * @throws {DTypeError} when the numbers have no value in the dtype.
 */
export function arange(
  ...args: [...bounds: number[], options: CreationOptions] | number[]
): Tensor<[number]> {
  const options = typeof args.at(-1) === 'object' ? (args.pop() as CreationOptions) : {}
  const { dtype, requiresGrad } = checkOptions('arange', options)
  const bounds = args.map((bound) => checkNumber('arange', 'a bound or step', bound))
  if (bounds.length < 1 || bounds.length > 3) {
    throw new ValueError(
      `arange: expected end, or start, end and step, got ${bounds.length} numbers`,
    )
  }
  const [start, end, step = 1] = bounds.length === 1 ? [0, bounds[0]] : bounds
  const length = Math.ceil((end - start) / step)
  if (!(length >= 0 && length < Infinity) || step === 0) {
    throw new ValueError(
      `arange: no way from ${start} to ${end} in steps of ${step}; the step must be other than 0 and point to the end`,
    )
  }
  const type = rangeType('arange', dtype)
  const last = start + (length - 1) * step
  const whole = category(type) !== 1 || (Number.isInteger(start) && Number.isInteger(step))
  if (!whole || (length > 0 && !(holds(type, start) && holds(type, last)))) {
    throw new DTypeError(
      `arange: not all numbers from ${start} to ${last} in steps of ${step} have a value in ${type}; use a float dtype`,
    )
  }
  return finish(
    generated([length], type, (i) => start + i * step),
    requiresGrad,
  ) as never
}

/** `steps` numbers from `start` to `end`, both included, evenly spaced; to integers they are truncated. */
export function linspace<const N extends number>(
  start: number,
  end: number,
  steps: N,
  options: CreationOptions = {},
): Tensor<[N]> {
  checkNumber('linspace', 'start', start)
  checkNumber('linspace', 'end', end)
  checkInteger('linspace', 'steps', steps, 0)
  const { dtype, requiresGrad } = checkOptions('linspace', options)
  const type = rangeType('linspace', dtype)
  const step = (end - start) / Math.max(1, steps - 1)
  // Each half is counted from its own end, so that both ends are met exactly.
  const at = (i: number): number =>
    2 * i < steps ? start + i * step : end - (steps - 1 - i) * step
  return finish(generated([steps], type, at), requiresGrad) as never
}

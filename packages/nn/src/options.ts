import {
  DTypeError,
  isTensor,
  ValueError,
  type FloatDType,
  type RandomGenerator,
} from '@gradtape/core'
import { showShape } from './show-shape.ts'

// What layers and functions demand of their sizes and options.

/** Options of layers whose parameters start as constants. */
export interface ParameterDtype {
  /** Of the parameters; the default float dtype unless given. */
  readonly dtype?: FloatDType
}

/** Options of layers whose parameters start at random. */
export interface ParameterStart extends ParameterDtype {
  /** Where the initial values come from; the default generator unless given. */
  readonly generator?: RandomGenerator
}

/** @throws {ValueError} naming `where` unless `options` is an object of no other names. */
export function checkNames<O extends object>(
  where: string,
  options: O,
  names: readonly (keyof O & string)[],
): O {
  if (typeof options !== 'object' || options === null || isTensor(options)) {
    throw new ValueError(
      `${where}: expected options, an object such as { ${names[0]}: … }, got ${show(options)}`,
    )
  }
  const unknown = Object.keys(options).find((key) => !(names as readonly string[]).includes(key))
  if (unknown !== undefined) {
    throw new ValueError(`${where}: there is no option '${unknown}'; it takes ${names.join(', ')}`)
  }
  return options
}

/** @throws {ValueError} naming `where` unless `value`, its `what`, is an integer of at least `least`. */
export function checkSize(where: string, what: string, value: unknown, least: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number
  throw new ValueError(
    `${where}: ${what} must be an integer of at least ${least}, got ${show(value)}`,
  )
}

/** @throws {ValueError} naming `where` unless `value` is true or false. */
export function checkFlag(where: string, what: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw new ValueError(`${where}: ${what} must be true or false, got ${show(value)}`)
}

/** @throws {DTypeError} naming `where` unless parameters can have the dtype, or none is given. */
export function checkDtype(where: string, dtype: unknown): void {
  if (dtype === undefined || dtype === 'float32' || dtype === 'float64') return
  throw new DTypeError(`${where}: dtype must be 'float32' or 'float64', got ${show(dtype)}`)
}

/** @throws {ValueError} naming `where` unless `eps` is a finite number of at least 0. */
export function checkEps(where: string, eps: unknown): number {
  if (Number.isFinite(eps) && (eps as number) >= 0) return eps as number
  throw new ValueError(`${where}: eps must be a finite number of at least 0, got ${show(eps)}`)
}

/** @throws {ValueError} naming `where` unless `value`, its `what`, is a number above 0. */
export function checkPositive(where: string, what: string, value: unknown): number {
  if (typeof value === 'number' && value > 0) return value
  throw new ValueError(`${where}: ${what} must be a number above 0, got ${show(value)}`)
}

/** How many spatial dims windows slide over: one of a signal, two of an image. */
export type Rank = 1 | 2

/** One number for all spatial dims, or a list with one for each. */
export type PerDim<R extends Rank> =
  number | (R extends 1 ? readonly [number] : readonly [number, number])

/** @throws {ValueError} unless `value` is an integer of at least `least`, or a list of one per dim. */
export function perDim(
  where: string,
  what: string,
  value: unknown,
  rank: Rank,
  least: number,
): readonly number[] {
  const list: readonly unknown[] = Array.isArray(value)
    ? value
    : Array.from({ length: rank }, () => value)
  if (list.length !== rank) {
    throw new ValueError(
      `${where}: ${what} must be one number, or ${rank}, one for each spatial dim, got ${show(value)}`,
    )
  }
  return list.map((n) => checkSize(where, what, n, least))
}

function show(value: unknown): string {
  if (Array.isArray(value)) return showShape(value)
  if (isTensor(value)) return 'a tensor'
  return typeof value === 'string' ? `'${value}'` : String(value)
}

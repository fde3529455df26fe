import { ValueError } from '@gradtape/core'

/** One option of an optimizer: its default, and which values it takes. */
export interface Option<T> {
  /** Undefined, which it never takes, where it has to be given. */
  readonly initial: T
  /** The values it takes, in words that end the sentence "must be …". */
  readonly range: string
  accepts(value: unknown): boolean
}

/** Every option that an optimizer has. */
export type OptionTable<O> = { readonly [K in keyof O]-?: Option<Required<O>[K]> }

/** What an optimizer says of its options. */
export interface OptionRules<O> {
  readonly name: string
  readonly options: OptionTable<O>
  /** What is wrong between options that are each in range; null when nothing is. */
  readonly conflict?: (options: Required<O>) => string | null
}

/** A finite number. */
export function real(initial: number): Option<number> {
  return { initial, range: 'a finite number', accepts: Number.isFinite }
}

/** A finite number that is not negative. */
export function atLeastZero(initial?: number): Option<number> {
  const accepts = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0
  return { initial: initial as number, range: 'a finite number of at least 0', accepts }
}

/** A number from `low` to `high`. */
export function within(low: number, high: number, initial?: number): Option<number> {
  return {
    initial: initial as number,
    range: `a number from ${low} to ${high}`,
    accepts: (value) => typeof value === 'number' && value >= low && value <= high,
  }
}

/** A finite number above 0. */
export function positive(initial?: number): Option<number> {
  return {
    initial: initial as number,
    range: 'a finite number above 0',
    accepts: (value) => Number.isFinite(value) && (value as number) > 0,
  }
}

/** A whole number from `low` on. */
export function whole(low: number, initial?: number): Option<number> {
  return {
    initial: initial as number,
    range: `a whole number of at least ${low}`,
    accepts: (value) => Number.isSafeInteger(value) && (value as number) >= low,
  }
}

/** A share of a whole, above 0. */
export function share(initial?: number): Option<number> {
  return {
    initial: initial as number,
    range: 'a number above 0 and at most 1',
    accepts: (value) => typeof value === 'number' && value > 0 && value <= 1,
  }
}

/** One of a few values, the first unless given. */
export function oneOf<T extends string | null>(...values: readonly [T, ...T[]]): Option<T> {
  return {
    initial: values[0],
    range: values.map((value) => JSON.stringify(value)).join(' or '),
    accepts: (value) => values.includes(value as T),
  }
}

/** What `option` takes, or null, which is there unless given. */
export function orNull<T>({ range, accepts }: Option<T>): Option<T | null> {
  return {
    initial: null,
    range: `${range}, or null`,
    accepts: (value) => value === null || accepts(value),
  }
}

export function flag(initial: boolean): Option<boolean> {
  return { initial, range: 'true or false', accepts: (value) => typeof value === 'boolean' }
}

/** The two decay rates of running means. */
export function rates(
  first: number,
  second: number,
): Option<readonly [first: number, second: number]> {
  return {
    initial: [first, second],
    range: 'two numbers from 0 to below 1',
    accepts: (value) =>
      Array.isArray(value) && value.length === 2 && value.every((rate) => rate >= 0 && rate < 1),
  }
}

/** @throws {ValueError} for the first option out of its range, and for options at odds. */
export function checkOptions<O>(rules: OptionRules<O>, values: Required<O>): void {
  const { name, options, conflict } = rules
  for (const key in options) {
    const { accepts, range } = options[key]
    if (!accepts(values[key])) {
      throw new ValueError(`${name}: ${key} must be ${range}, got ${show(values[key])}`)
    }
  }
  const problem = conflict?.(values) ?? null
  if (problem !== null) throw new ValueError(`${name}: ${problem}`)
}

/** @throws {ValueError} for a name that is no option: a misspelt one would be ignored silently. */
export function checkNames<O>({ name, options }: OptionRules<O>, given: object): void {
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(options, key))
  if (unknown !== undefined) {
    throw new ValueError(
      `${name}: there is no option '${unknown}'; its options are ${Object.keys(options).join(', ')}`,
    )
  }
}

/** The options given, and for the others what `defaults` says, or else the table. */
export function complete<O extends object>(
  rules: OptionRules<O>,
  given: O,
  defaults: O = {} as O,
): Required<O> {
  checkNames(rules, given)
  const values = {} as Required<O>
  for (const key in rules.options) {
    values[key] = (given[key] ?? defaults[key] ?? rules.options[key].initial) as never
  }
  checkOptions(rules, values)
  return values
}

function show(value: unknown): string {
  return typeof value === 'number' || value === undefined ? String(value) : JSON.stringify(value)
}

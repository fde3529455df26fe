import { asCall } from '../call.ts'
import { isStored } from '../dtype.ts'
import { DTypeError, ValueError } from '../errors.ts'
import type { Kind } from '../op.ts'
import type { Shape } from '../shape.ts'
import type { Key } from './keys.ts'
import { showValue } from '../shape.ts'
import { isTensor, Tensor } from '../tensor.ts'
import { computable } from './cast.ts'

/** Values from which a test draws an input: low and high end. */
export type Domain = readonly [low: number, high: number]

/** For functions that are defined for all numbers. */
export const everywhere: Domain = [-3, 3]

/** What a test draws arguments with. */
export interface Sampler {
  /** A shape of `least` (default 0) to `most` (default 3) dimensions; sizes of 0 and 1 occur. */
  shape(least?: number, most?: number): Shape
  /** A shape of the same kind without sizes of 0. */
  filled(least?: number, most?: number): Shape
  /** A shape that broadcasts to `shape`. */
  broadcastable(shape: Shape): Shape
  /** An integer from `low` to `high`, both included. */
  int(low: number, high: number): number
  pick<T>(choices: readonly T[]): T
  /** A number from a domain. */
  number(domain?: Domain): number
  /** A float64 tensor that is differentiated, drawn from a domain ([-3, 3] unless given), in any layout. */
  real(shape: Shape, domain?: Domain): Tensor
  /** An int32 tensor of numbers from 0 to `below - 1`. */
  index(shape: Shape, below: number): Tensor
  /** A bool tensor. */
  mask(shape: Shape): Tensor
  /** Keys for a tensor of a filled shape of one dim or more. */
  keys(shape: Shape): readonly Key[]
}

/** What the table says of an op besides its function. */
export interface EntryInfo {
  readonly name: string
  readonly kind: Kind | 'composed'
  /** Whether gradients flow through it. */
  readonly differentiable: boolean
  /** Draws arguments to test it with, each tensor from where the op is defined. */
  readonly samples: (g: Sampler) => readonly unknown[]
  /** Vanishes at arguments where the op or its derivative jumps; tests stay away from there. */
  readonly kinks?: (...args: never) => Tensor
  /**
   * The method, where it is not just the function with its first argument before the dot: its name,
   * if that is another, and which argument stands there. null where there is none.
   */
  readonly method?: { readonly name?: string; readonly receiver?: number } | null
  /**
   * Whether a composed op only moves elements, of whatever dtype; false unless given. What those that
   * compute are given is converted, if its dtype is only for keeping elements.
   */
  readonly moves?: boolean
}

/** An entry of the op table: the public function itself, with its method's type. */
export interface Entry<Method> {
  readonly entry: EntryInfo
  /** The type of the method; there is no such property. */
  readonly '~method'?: Method
}

/** All that have been made: those of the files that are loaded. */
export const entries: (Call & { readonly entry: EntryInfo })[] = []

/** {@link EntryInfo} as it is given: gradients flow through it unless it says no. */
type Given = Omit<EntryInfo, 'differentiable'> & Partial<EntryInfo>

/** Makes a function an entry of type `E`, whose signature is the function's in terms of shapes. */
export function entry<E>(info: Given, fn: (...args: never) => unknown): E {
  const { name, kind, moves = !computingKinds.includes(kind) } = info
  const call =
    kind === 'composed'
      ? (...args: unknown[]) => asCall(name, () => (fn as Call)(...args))
      : (fn as Call)
  const made = Object.assign(moves ? call : computing(call), {
    entry: { differentiable: true, ...info },
  })
  entries.push(made)
  return made as E
}

/** Elementwise ops are none: formulas, which are applied the most often, settle dtypes themselves. */
const computingKinds: readonly EntryInfo['kind'][] = ['reduction', 'contraction', 'composed']

type Call = (...args: unknown[]) => unknown

/** `fn`, given tensors that it can compute with. */
function computing(fn: Call): Call {
  const stored = (x: unknown): boolean => x instanceof Tensor && isStored(x.storage.dtype)
  return (...args) => {
    for (let i = 0; i < args.length; i++) {
      if (stored(args[i])) return fn(...args.map(computable))
    }
    return fn(...args)
  }
}

/** @throws {DTypeError} naming `where` when `x` is no tensor. */
export function checkTensor(where: string, x: unknown): Tensor {
  if (!isTensor(x)) {
    throw new DTypeError(
      `${where}: expected a tensor, got ${showValue(x)}; make one with tensor(…)`,
    )
  }
  return x
}

/** @throws {ValueError} naming `where` when options are given that are no plain object. */
export function checkOptions<O extends object>(where: string, options: O): O {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ValueError(
      `${where}: expected options, an object such as { name: value }, got ${showValue(options)}`,
    )
  }
  return options
}

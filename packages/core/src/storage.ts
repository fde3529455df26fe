import { allocateArray, type DType, type TypedArray } from './dtype.ts'

/** Results of up to so many elements share arrays: one each costs more than what is computed. */
export const SMALL = 4096
/** The least elements of a shared array. Larger ones, for larger results, hold at least 8. */
const LEAST = 1024
/** So many numbers share an array, which is no larger than what V8 needs to know of it. */
const FEW = 16

/** Memory for elements, shared by every view of them. */
export class Storage {
  readonly dtype: DType
  readonly length: number
  array: TypedArray
  /** Where the first element stands in `array`: several storages may share one array. */
  offset: number
  /** Counts the writes in place, so that a saved value that has changed since can be noticed. */
  version = 0
  /** Whether a user was given this memory as a gradient, so that no other may share it. */
  given = false
  /** Whether it is a gradient that nobody has looked at yet, so that nobody holds it. */
  unseen = false

  constructor(
    dtype: DType,
    array: TypedArray,
    offset: number,
    length: number = array.length - offset,
  ) {
    this.dtype = dtype
    this.array = array
    this.offset = offset
    this.length = length
  }

  /** Fresh memory, zeroed, in an array of its own: for what is likely to be kept. */
  static allocate(dtype: DType, length: number): Storage {
    return new Storage(dtype, allocateArray(dtype, length), 0)
  }

  /** Fresh memory, zeroed where that is said, for what an op adds to. */
  static forResult(dtype: DType, length: number, zeros = true): Storage {
    if (length >= least) return supply!.result(dtype, length, zeros)
    if (length > SMALL) return Storage.allocate(dtype, length)
    // Numbers, which losses are, may be kept for long, and must not keep a large array alive.
    let room = length > 1 ? LEAST : FEW
    let size = length > 1 ? 1 : 0
    for (; room < 8 * length; room *= 2) size++
    const alike = (slabs[dtype] ??= [])
    let slab = alike[size]
    if (slab === undefined || slab.used + length > room) {
      const make = (size > 0 && supply?.array) || allocateArray
      alike[size] = slab = { array: make(dtype, room), used: 0 }
    }
    const offset = slab.used
    slab.used = offset + length
    if (zeros) supply?.clear(slab.array, offset, length)
    return new Storage(dtype, slab.array, offset, length)
  }

  /**
   * Fresh memory for what is written in full: whatever stands in it until then. What is likely to be `kept`
   * gets an array of its own.
   */
  static empty(dtype: DType, length: number, kept = false): Storage {
    return kept && length < least
      ? Storage.allocate(dtype, length)
      : Storage.forResult(dtype, length, false)
  }

  /** Moves to an array of its own: what a user is handed shows, and keeps, no neighbours. */
  own(): void {
    const { array, offset, length } = this
    if (array.length !== length) {
      this.array = array.slice(offset, offset + length)
      this.offset = 0
    }
  }
}

/** Where the memory of large results comes from, and where it goes when nobody needs it any more. */
export interface Supply {
  /** An array in which anything may stand. */
  readonly array: typeof allocateArray
  /** Zeros for so many elements of one. */
  clear(array: TypedArray, from: number, length: number): void
  /** Memory for a result: zeros, or whatever stands in it. */
  result(dtype: DType, length: number, zeros: boolean): Storage
  /** Somebody looks at a gradient, or at what was set as one. */
  show(gradient: unknown): void
  /** Somebody has set another one: if nobody holds the one before, its memory serves others. */
  replace(before: unknown, next: unknown): void
  /** Runs a backward pass; the memory of its results that were not given to the user serves others after it. */
  during(pass: () => void): void
  /** Runs code of the user's within a backward pass: it may keep whatever it makes. */
  apart<R>(f: () => R): R
}

export let supply: Supply | null = null
let least = Infinity

/** Has the memory of results of at least so many elements come from there. */
export function useSupply(next: Supply, elements: number): void {
  supply = next
  least = elements
}

/** Runs code of the user's that a backward pass calls. */
export function outsideOfPass<R>(f: () => R): R {
  return supply === null ? f() : supply.apart(f)
}

interface Slab {
  readonly array: TypedArray
  used: number
}

/** Where the next small result of each dtype goes, by the power of two that it fits into. */
const slabs: { [D in DType]?: Slab[] } = {}

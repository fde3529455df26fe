import { allocateArray, arrayOn, type DType, type TypedArray } from './dtype.ts'

/** Arrays of at most so many elements V8 keeps among its objects, which is cheap. */
const TINY = 8
/** Results of more, up to so many, share arrays: one each costs more than what is computed. */
const SMALL = 128
/** The elements of a shared array: what a small value can keep alive, 4 KB in float64, stays bounded. */
const SLAB = 512

/** Memory for elements, shared by every view of them. */
export class Storage {
  readonly dtype: DType
  readonly length: number
  array: TypedArray
  /** Where the first element stands in `array`: several storages may share one array. */
  offset: number
  /** Counts the writes in place, so that a saved value that has changed since can be noticed. */
  version = 0
  /** Whether a user holds this memory as a gradient, so that no other may share it. */
  given = false

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

  /** Fresh memory, zeroed, for what an op adds to. */
  static forResult(dtype: DType, length: number): Storage {
    if (length <= TINY || length > SMALL) return Storage.allocate(dtype, length)
    let slab = slabs[dtype]
    if (slab === undefined || slab.used + length > SLAB) {
      slabs[dtype] = slab = { array: allocateArray(dtype, SLAB), used: 0 }
    }
    const offset = slab.used
    slab.used = offset + length
    return new Storage(dtype, slab.array, offset, length)
  }

  /**
   * Fresh memory for what is written in full: whatever stands in it until then. What is likely to be `kept`
   * gets an array of its own.
   */
  static empty(dtype: DType, length: number, kept = false): Storage {
    if (length < least) return (kept ? Storage.allocate : Storage.forResult)(dtype, length)
    const bytes = length * allocateArray(dtype, 0).BYTES_PER_ELEMENT
    return new Storage(dtype, arrayOn(dtype, uncleared!(bytes)), 0)
  }

  /** The array once it holds nothing else: what a user is handed shows, and keeps, no neighbours. */
  own(): TypedArray {
    const { array, offset, length } = this
    if (array.length !== length) {
      this.array = array.slice(offset, offset + length)
      this.offset = 0
    }
    return this.array
  }
}

/** Memory of so many bytes, whatever stands in it. */
type Uncleared = (bytes: number) => ArrayBuffer

let uncleared: Uncleared | null = null
let least = Infinity

/** Has results of at least so many elements written to memory that isn't cleared before. */
export function useUncleared(allocate: Uncleared, elements: number): void {
  uncleared = allocate
  least = elements
}

interface Slab {
  readonly array: TypedArray
  used: number
}

/** Where the next small result of each dtype goes. */
const slabs: { [D in DType]?: Slab } = {}

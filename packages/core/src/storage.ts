import { allocateArray, type DType, type TypedArray } from './dtype.ts'

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

  /** Fresh memory, zeroed, for what an op computes. */
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

interface Slab {
  readonly array: TypedArray
  used: number
}

/** Where the next small result of each dtype goes. */
const slabs: { [D in DType]?: Slab } = {}

import { allocateArray, type DType, type TypedArray } from './dtype.ts'

/** Memory for elements, shared by every view of them. */
export class Storage {
  readonly dtype: DType
  readonly array: TypedArray
  /** Where the first element stands in `array`: several storages may share one array. */
  readonly offset: number
  /** Counts the writes in place, so that a saved value that has changed since can be noticed. */
  version = 0
  /** Whether a user holds this memory as a gradient, so that no other may share it. */
  given = false

  constructor(dtype: DType, array: TypedArray, offset: number) {
    this.dtype = dtype
    this.array = array
    this.offset = offset
  }

  /** Fresh memory, zeroed. */
  static allocate(dtype: DType, length: number): Storage {
    return new Storage(dtype, allocateArray(dtype, length), 0)
  }
}

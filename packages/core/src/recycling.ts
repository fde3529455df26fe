import { allocateArray, arrayOn, type DType, type TypedArray } from './dtype.ts'
import { isWatched } from './record.ts'
import { Storage, useSupply, type Supply } from './storage.ts'
import { isTensor } from './tensor.ts'

/** What is used of Node, for which the language itself has no types. */
interface Host {
  readonly Buffer?: Buffers
  readonly process?: {
    getBuiltinModule?<K extends keyof NodeModules>(name: K): NodeModules[K] | undefined
  }
}

/** What of Node's `Buffer` is used. */
export interface Buffers {
  allocUnsafeSlow(bytes: number): { readonly buffer: ArrayBuffer }
}

interface NodeModules {
  'node:v8': { setFlagsFromString(flags: string): void }
  'node:vm': { runInNewContext(code: string): unknown }
}

const { Buffer, process } = globalThis as unknown as Host

/** Pieces of memory by their size. */
type Pieces = Map<number, ArrayBuffer[]>

/** So many bytes of results may be left to the garbage collector before it is asked to have a look. */
const DUE = 2 ** 22
/** So many bytes of a pass are kept for the next one; what is beyond goes as the pass goes. */
const MOST = 2 ** 26

/**
 * Memory that isn't cleared before it is written, and in backward passes, if it can be, memory that earlier
 * ones are done with, which is in the caches still.
 */
export class Recycling implements Supply {
  readonly #buffers: Buffers
  readonly #least: number
  readonly #most: number
  /** The results of the backward pass under way. */
  #made: Storage[] | null = null
  /** What came back since the last backward pass ended, and what between that and the one before. */
  #late: Pieces = new Map()
  #early: Pieces = new Map()
  /** How many bytes these results have, and how many of others were left to the garbage collector. */
  #held = 0
  #left = 0
  #collect: (() => void) | null | undefined

  constructor(buffers: Buffers, least: number, most: number = MOST) {
    this.#buffers = buffers
    this.#least = least
    this.#most = most
  }

  readonly array = (dtype: DType, length: number): TypedArray => {
    const bytes = length * allocateArray(dtype, 0).BYTES_PER_ELEMENT
    return arrayOn(dtype, this.#buffers.allocUnsafeSlow(bytes).buffer)
  }

  clear(
    { buffer, byteOffset, BYTES_PER_ELEMENT: size }: TypedArray,
    from: number,
    length: number,
  ): void {
    // Byte by byte, as not all elements are numbers.
    new Uint8Array(buffer, byteOffset + from * size, length * size).fill(0)
  }

  result(dtype: DType, length: number, zeros: boolean): Storage {
    const bytes = length * allocateArray(dtype, 0).BYTES_PER_ELEMENT
    // Other results are new: what has been used often is old to the collector, which rarely looks at such.
    const used = this.#made && (this.#late.get(bytes)?.pop() ?? this.#early.get(bytes)?.pop())
    const array = used ? arrayOn(dtype, used) : this.array(dtype, length)
    if (!used) this.#left += bytes
    if (zeros) this.clear(array, 0, length)
    const storage = new Storage(dtype, array, 0)
    if (this.#made !== null && this.#held < this.#most) {
      this.#held += bytes
      this.#made.push(storage)
    }
    return storage
  }

  show(gradient: unknown): void {
    if (isTensor(gradient)) gradient.storage.unseen = false
  }

  replace(before: unknown, next: unknown): void {
    this.show(next)
    if (isTensor(before) && before.storage.unseen) this.#recycle(before.storage)
  }

  /** Takes memory back: who still has the storage finds nothing there. */
  #recycle(storage: Storage): void {
    const { array, dtype, length } = storage
    if (length < this.#least || array.length !== length) return
    storage.array = allocateArray(dtype, 0)
    const memory = array.buffer as ArrayBuffer
    const alike = this.#late.get(memory.byteLength)
    if (alike === undefined) this.#late.set(memory.byteLength, [memory])
    else alike.push(memory)
  }

  during(pass: () => void): void {
    if (isWatched()) return pass()
    const outer = this.#made
    const held = this.#held
    const made: Storage[] = (this.#made = [])
    try {
      pass()
    } finally {
      this.#made = outer
      this.#held = held
    }
    // Small networks have no memory to use again.
    if (made.length === 0 && this.#late.size + this.#early.size === 0) return
    // What nothing was written to for a whole step of training is left to the garbage collector.
    this.#early = this.#late
    this.#late = new Map()
    for (const storage of made) {
      if (storage.given) storage.unseen = true
      else this.#recycle(storage)
    }
    this.#tidy()
  }

  apart<R>(f: () => R): R {
    const made = this.#made
    this.#made = null
    try {
      return f()
    } finally {
      this.#made = made
    }
  }

  /**
   * The collector goes by objects, of which tensors are few, and lets 32 MB of their memory pile up (on Node 24
   * 64). The end of a backward pass, when the tape is gone, is a good time for it; a look at what is young
   * takes 0.3 ms.
   */
  #tidy(): void {
    if (this.#left < DUE) return
    this.#left = 0
    if (this.#collect === undefined) this.#collect = collector()
    this.#collect?.()
  }
}

/** Has V8 collect young objects; null where it can't be asked to. */
function collector(): (() => void) | null {
  const v8 = process?.getBuiltinModule?.('node:v8')
  const vm = process?.getBuiltinModule?.('node:vm')
  try {
    // A context that is made meanwhile has the function.
    v8!.setFlagsFromString('--expose-gc')
    const gc = vm!.runInNewContext('gc') as (options: object) => void
    v8!.setFlagsFromString('--no-expose-gc')
    const young = { type: 'minor' }
    return () => gc(young)
  } catch {
    return null
  }
}

/** From so many elements on: smaller memory is cleared faster than Node is asked for it. */
const LEAST = 4096

/** Takes memory for large results from Node, and from what backward passes are done with. */
export function recycleMemory(least: number = LEAST): void {
  if (Buffer) useSupply(new Recycling(Buffer, least), least)
}

import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { ShapeError, ValueError } from '@gradtape/core'
import type { DType, Shape, Tensor } from '@gradtape/core'
import type { Dataset } from '../dataset.ts'
import { byteLengthOf, tensorOfBytes } from '../files/elements.ts'
import { headerSpan, parseNpyHeader, PREFIX } from '../npy/header.ts'
import type { NpyHeader } from '../npy/header.ts'
import { inFile } from './in-file.ts'
import { readExactly, readInto } from './read-exactly.ts'

/** An open .npy file as a dataset of its rows, which are read when they are asked for. */
export class NpyFile implements Dataset<Promise<Tensor>> {
  readonly dtype: DType
  /** The shape of the whole array. */
  readonly shape: Shape
  readonly #path: string | URL
  readonly #handle: FileHandle
  readonly #start: number
  readonly #isBigEndian: boolean
  readonly #rowBytes: number

  /** @internal Use `openNpy`. */
  constructor(path: string | URL, handle: FileHandle, header: NpyHeader) {
    const { dtype, shape, isBigEndian, isFortran, start } = header
    if (shape.length === 0 || (isFortran && shape.length > 1)) {
      throw new ShapeError(
        shape.length === 0
          ? 'a 0-d array has no rows; use loadNpy'
          : 'the array is stored column by column, so its rows are scattered; use loadNpy, or save it row-major',
      )
    }
    this.#path = path
    this.#handle = handle
    this.dtype = dtype
    this.shape = shape
    this.#start = start
    this.#isBigEndian = isBigEndian
    this.#rowBytes = byteLengthOf('openNpy', dtype, shape.slice(1))
  }

  /** The number of rows. */
  get length(): number {
    return this.shape[0]!
  }

  /** Row `index`. @throws {ValueError} when there is none, or it can't be read. */
  async at(index: number): Promise<Tensor> {
    return this.#read([index], this.shape.slice(1))
  }

  /** The rows at `indices`, stacked; rows that stand side by side are read at once. */
  async batch(indices: Tensor): Promise<Tensor> {
    return this.#read(Array.from(indices.data), [indices.numel, ...this.shape.slice(1)])
  }

  /** Closes the file; what has been read stays. */
  async close(): Promise<void> {
    await this.#handle.close()
  }

  /** For `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #read(indices: readonly number[], shape: Shape): Promise<Tensor> {
    return inFile('NpyFile', this.#path, 'read', async () => {
      const size = this.#rowBytes
      const wrong = indices.find((i) => !Number.isInteger(i) || i < 0 || i >= this.length)
      if (wrong !== undefined) {
        throw new ValueError(`there is no row ${wrong}; rows run from 0 to ${this.length - 1}`)
      }
      const bytes = new Uint8Array(size * indices.length)
      for (let from = 0, to = 0; from < indices.length; from = to) {
        do to++
        while (to < indices.length && indices[to] === indices[to - 1]! + 1)
        const rows = bytes.subarray(from * size, to * size)
        await readInto(this.#handle, rows, this.#start + indices[from]! * size)
      }
      return tensorOfBytes(bytes, this.dtype, shape, this.#isBigEndian)
    })
  }
}

/**
 * Opens a .npy file as a dataset of its rows, for arrays larger than memory: a `DataLoader` over it is
 * gone through by `for await`.
 *
 * ```ts
 * const pictures = await openNpy('pictures.npy') // [1000000, 3, 64, 64]
 * for await (const batch of new DataLoader(pictures, { batchSize: 32, shuffle: true })) train(batch)
 * await pictures.close()
 * ```
 *
 * @throws {ValueError} naming the file and the byte at which it breaks the format.
 * @throws {DTypeError} naming a dtype that isn't read.
 * @throws {ShapeError} for a 0-d array, and for one that is stored column by column.
 */
export async function openNpy(path: string | URL): Promise<NpyFile> {
  return inFile('openNpy', path, 'read', async () => {
    const handle = await open(path, 'r')
    try {
      const { size } = await handle.stat()
      const prefix = await readExactly(handle, 0, Math.min(PREFIX, size))
      const { end } = headerSpan('readNpy', prefix, size)
      const header = parseNpyHeader('readNpy', await readExactly(handle, 0, end), size)
      return new NpyFile(path, handle, header)
    } catch (error) {
      await handle.close()
      throw error
    }
  })
}

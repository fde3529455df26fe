import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { ValueError } from '@gradtape/core'
import type { Tensor } from '@gradtape/core'
import { tensorOfBytes } from '../files/elements.ts'
import { headerLength, parseHeader } from '../safetensors/header.ts'
import type { SafetensorsHeader, SafetensorsInfo } from '../safetensors/header.ts'
import { inFile } from './in-file.ts'
import { readExactly } from './read-exactly.ts'

/** An open safetensors file, of which only the header has been read. */
export class SafetensorsFile {
  /** The tensors' names, in the header's order. */
  readonly names: readonly string[]
  /** Texts by name, as the writer left them. */
  readonly metadata: Readonly<Record<string, string>>
  readonly #path: string | URL
  readonly #handle: FileHandle
  readonly #tensors: SafetensorsHeader['tensors']

  /** @internal Use `openSafetensors`. */
  constructor(path: string | URL, handle: FileHandle, { metadata, tensors }: SafetensorsHeader) {
    this.#path = path
    this.#handle = handle
    this.#tensors = tensors
    this.names = [...tensors.keys()]
    this.metadata = metadata
  }

  /** The dtype, shape and place of a tensor. @throws {ValueError} when there is none of this name. */
  info(name: string): SafetensorsInfo {
    const info = this.#tensors.get(name)
    if (info === undefined) {
      const shown = this.names.slice(0, 8).map((each) => JSON.stringify(each))
      throw new ValueError(
        `SafetensorsFile: ${this.#path}: there is no tensor ${JSON.stringify(name)} among ${this.names.length}: ${shown.join(', ')}${this.names.length > 8 ? ', …' : ''}`,
      )
    }
    return info
  }

  /** Reads one tensor, and no other part of the file. @throws {ValueError} when it can't. */
  async read(name: string): Promise<Tensor> {
    const { dtype, shape, start, end } = this.info(name)
    return inFile(
      `SafetensorsFile.read: tensor ${JSON.stringify(name)}`,
      this.#path,
      'read',
      async () => tensorOfBytes(await readExactly(this.#handle, start, end), dtype, shape),
    )
  }

  /** Closes the file; what has been read stays. */
  async close(): Promise<void> {
    await this.#handle.close()
  }

  /** For `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/**
 * Opens a safetensors file to read it tensor by tensor: for files that don't fit in memory, or of
 * which only a part is wanted.
 *
 * ```ts
 * const file = await openSafetensors('model.safetensors')
 * for (const name of file.names) console.log(name, file.info(name).shape)
 * const embedding = await file.read('embedding.weight')
 * await file.close()
 * ```
 *
 * @throws {ValueError} naming the file and the byte or the tensor at which it breaks the format.
 * @throws {DTypeError} naming a tensor of a dtype that isn't read.
 */
export async function openSafetensors(path: string | URL): Promise<SafetensorsFile> {
  return openAs('openSafetensors', path)
}

/**
 * Reads all tensors of a safetensors file, by name: a state dict.
 * @throws {ValueError} naming the file and the byte or the tensor at which it breaks the format.
 * @throws {DTypeError} naming a tensor of a dtype that isn't read.
 */
export async function loadSafetensors(path: string | URL): Promise<Record<string, Tensor>> {
  const file = await openAs('loadSafetensors', path)
  try {
    const tensors: [string, Tensor][] = []
    for (const name of file.names) tensors.push([name, await file.read(name)])
    return Object.fromEntries(tensors)
  } finally {
    await file.close()
  }
}

async function openAs(where: string, path: string | URL): Promise<SafetensorsFile> {
  return inFile(where, path, 'read', async () => {
    const handle = await open(path, 'r')
    try {
      const { size } = await handle.stat()
      const start = await readExactly(handle, 0, Math.min(8, size))
      const end = 8 + headerLength('readSafetensors', start, size)
      const header = parseHeader('readSafetensors', await readExactly(handle, 8, end), size)
      return new SafetensorsFile(path, handle, header)
    } catch (error) {
      await handle.close()
      throw error
    }
  })
}

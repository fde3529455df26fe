import { readFile } from 'node:fs/promises'
import type { Tensor } from '@gradtape/core'
import { readNpy, writeNpy } from '../npy/npy.ts'
import { npzParts, readNpz } from '../npz/npz.ts'
import type { ReadNpzOptions, WriteNpzOptions } from '../npz/npz.ts'
import { inFile } from './in-file.ts'
import { writeAtomically } from './write-atomically.ts'

/**
 * Reads a .npy file, as {@link readNpy} does.
 * @throws {ValueError} naming the file, and the byte where one is to blame.
 * @throws {DTypeError} naming the file and a dtype that isn't read.
 */
export async function loadNpy(path: string | URL): Promise<Tensor> {
  return inFile('loadNpy', path, 'read', async () => readNpy(await readFile(path)))
}

/**
 * Writes a .npy file, as {@link writeNpy} does; the path holds the old file or the new one, whole.
 * @throws {ValueError} naming the file when it can't be written.
 */
export async function saveNpy(path: string | URL, x: Tensor): Promise<void> {
  await inFile('saveNpy', path, 'write', () => writeAtomically(path, [writeNpy(x)]))
}

/**
 * Reads the arrays of a .npz file, by name, as {@link readNpz} does.
 * @throws {ValueError} naming the file, and the byte or array where one is to blame.
 * @throws {DTypeError} naming the file and an array of a dtype that isn't read.
 */
export async function loadNpz(
  path: string | URL,
  options: ReadNpzOptions = {},
): Promise<Record<string, Tensor>> {
  return inFile('loadNpz', path, 'read', async () => readNpz(await readFile(path), options))
}

/**
 * Writes a .npz file, array by array; the path holds the old file or the new one, whole.
 * @throws {ValueError} as `writeNpz` does, and when the file can't be written.
 */
export async function saveNpz(
  path: string | URL,
  tensors: Readonly<Record<string, Tensor>>,
  options: WriteNpzOptions = {},
): Promise<void> {
  await inFile('saveNpz', path, 'write', () =>
    writeAtomically(path, npzParts('writeNpz', tensors, options)),
  )
}

import { randomUUID } from 'node:crypto'
import { open, realpath, rename, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Writes a file so that at every moment its path holds either all of the old file or all of the new:
 * a file beside it is filled, brought to the disk and then renamed. What was begun is removed when
 * writing fails; a process that is killed may leave it behind, under a name that ends in `.tmp`.
 */
export async function writeAtomically(
  path: string | URL,
  chunks: Iterable<Uint8Array>,
): Promise<void> {
  const given = path instanceof URL ? fileURLToPath(path) : path
  // A link stays a link, to the new file.
  const target = await realpath(given).catch(() => given)
  const mode = await stat(target).then(
    (old) => old.mode,
    () => 0o666,
  )
  const folder = dirname(target)
  const beside = join(folder, `.${basename(target)}.${randomUUID()}.tmp`)
  try {
    const file = await open(beside, 'wx', mode)
    try {
      for (const chunk of chunks) await file.writeFile(chunk)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, target)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
  await syncFolder(folder)
}

/** Brings the renaming to the disk, on systems that let a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined
  try {
    handle = await open(folder, 'r')
    await handle.sync()
  } catch {
    // The new file is whole either way.
  } finally {
    await handle?.close()
  }
}

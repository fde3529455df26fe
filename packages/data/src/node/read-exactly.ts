import type { FileHandle } from 'node:fs/promises'
import { ValueError } from '@gradtape/core'

/** What a single read may ask a system for. */
const PIECE = 2 ** 30

/** The bytes of a file from `start` to before `end`. @throws {ValueError} when the file ends earlier. */
export async function readExactly(
  file: FileHandle,
  start: number,
  end: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start)
  await readInto(file, bytes, start)
  return bytes
}

/** Fills `bytes` with those of a file from `start` on. @throws {ValueError} when the file ends earlier. */
export async function readInto(file: FileHandle, bytes: Uint8Array, start: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const length = Math.min(PIECE, bytes.length - done)
    const { bytesRead } = await file.read(bytes, done, length, start + done)
    if (bytesRead === 0) {
      throw new ValueError(
        `the file ends at byte ${start + done}, before byte ${start + bytes.length}`,
      )
    }
    done += bytesRead
  }
}

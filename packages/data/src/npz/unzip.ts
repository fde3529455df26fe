import { ValueError } from '@gradtape/core'
import { inflateSync } from 'fflate/browser'
import { decodeUtf8 } from '../files/scanner.ts'
import { crc32 } from './crc32.ts'
import { CENTRAL, DEFLATED, ELSEWHERE, END, LOCAL, STORED } from './zip-format.ts'

/** A file in an archive. */
export interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly compressed: number
  /** The bytes it has when unpacked. */
  readonly size: number
  /** Where its packed bytes start. */
  readonly start: number
}

/** What DEFLATE can pack into one byte at most: a larger claim is false. */
const MAX_RATIO = 1032

/** The files of an archive, by its directory; none is unpacked yet. */
export function listZip(where: string, zip: Uint8Array): ZipEntry[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.length)
  const end = findEnd(where, view)
  const count = view.getUint16(end + 10, true)
  let position = view.getUint32(end + 16, true)
  const directory = position
  if (count === 0xffff || position === ELSEWHERE) {
    throw new ValueError(`${where}: byte ${end}: archives past 4 GiB or 65535 files are not read`)
  }
  const entries: ZipEntry[] = []
  for (let i = 0; i < count; i++) {
    if (position + CENTRAL.size > end || view.getUint32(position, true) !== CENTRAL.signature) {
      throw new ValueError(
        `${where}: byte ${position}: expected entry ${i + 1} of ${count} of the directory`,
      )
    }
    const next =
      position +
      CENTRAL.size +
      view.getUint16(position + 28, true) +
      view.getUint16(position + 30, true) +
      view.getUint16(position + 32, true)
    if (next > end) {
      throw new ValueError(
        `${where}: byte ${position}: entry ${i + 1} runs over the directory's end`,
      )
    }
    entries.push(readEntry(where, view, position, directory))
    position = next
  }
  checkApart(where, entries)
  return entries
}

/** Where the record at an archive's end starts: it is followed by a comment, whose length it tells. */
function findEnd(where: string, view: DataView): number {
  const last = view.byteLength - END.size
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) === END.signature && view.getUint16(at + 20, true) === last - at) {
      return at
    }
  }
  throw new ValueError(
    `${where}: byte ${view.byteLength}: the file has no zip directory at its end; is it cut short, or no .npz file?`,
  )
}

function readEntry(where: string, view: DataView, at: number, directory: number): ZipEntry {
  const nameBytes = bytesAt(view, at + CENTRAL.size, view.getUint16(at + 28, true))
  const name = decodeUtf8(where, nameBytes, at + CENTRAL.size)
  const entry = `${where}: byte ${at}: ${JSON.stringify(name)}`
  const flags = view.getUint16(at + 8, true)
  const method = view.getUint16(at + 10, true)
  const compressed = view.getUint32(at + 20, true)
  const size = view.getUint32(at + 24, true)
  const local = view.getUint32(at + 42, true)
  if ((flags & 1) !== 0) throw new ValueError(`${entry} is encrypted`)
  if (method !== STORED && method !== DEFLATED) {
    throw new ValueError(
      `${entry} is packed by method ${method}; only stored and deflated files are read`,
    )
  }
  if ([compressed, size, local].includes(ELSEWHERE)) {
    throw new ValueError(`${entry} is larger than 4 GiB; such files are not read`)
  }
  if (local + LOCAL.size > directory || view.getUint32(local, true) !== LOCAL.signature) {
    throw new ValueError(`${entry} should start at byte ${local}, but no file does`)
  }
  const start =
    local + LOCAL.size + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
  if (start + compressed > directory) {
    throw new ValueError(`${entry} ends at byte ${start + compressed}, past the files' end`)
  }
  if (method === STORED ? size !== compressed : size > compressed * MAX_RATIO) {
    throw new ValueError(`${entry} can't have ${size} bytes, packed into ${compressed}`)
  }
  return { name, method, crc: view.getUint32(at + 16, true), compressed, size, start }
}

/** Files that share bytes would unpack to more than their archive could hold. */
function checkApart(where: string, entries: readonly ZipEntry[]): void {
  const inFile = [...entries].sort((a, b) => a.start - b.start)
  for (const [i, entry] of inFile.entries()) {
    const before = inFile[i - 1]
    if (before !== undefined && before.start + before.compressed > entry.start - LOCAL.size) {
      throw new ValueError(
        `${where}: byte ${entry.start}: ${JSON.stringify(entry.name)} overlaps with ${JSON.stringify(before.name)}`,
      )
    }
  }
}

/** Unpacks a file and holds it to its size and checksum. */
export function unpack(where: string, zip: Uint8Array, entry: ZipEntry): Uint8Array {
  const { name, method, crc, compressed, size, start } = entry
  const place = `${where}: byte ${start}: ${JSON.stringify(name)}`
  const packed = zip.subarray(start, start + compressed)
  const bytes = method === STORED ? packed : inflate(place, packed, size)
  if (bytes.length !== size || crc32(bytes) !== crc) {
    throw new ValueError(
      `${place} doesn't unpack to the ${size} bytes of its checksum; is the file damaged?`,
    )
  }
  return bytes
}

function inflate(place: string, packed: Uint8Array, size: number): Uint8Array {
  try {
    // A byte more than promised, so that a longer result shows.
    return inflateSync(packed, { out: new Uint8Array(size + 1) })
  } catch (error) {
    throw new ValueError(`${place} can't be unpacked: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function bytesAt(view: DataView, start: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + start, length)
}

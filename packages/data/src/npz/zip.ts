import { ValueError } from '@gradtape/core'
import { deflateSync } from 'fflate/browser'
import { crc32 } from './crc32.ts'
import { CENTRAL, DEFLATED, ELSEWHERE, END, LOCAL, STORED, UTF8_NAME } from './zip-format.ts'

/** 1 January 1980, so that equal contents make equal files. */
const DATE = 0x21
/** The version of the format that is needed to read what is written here: 2.0. */
const VERSION = 20

/** The pieces of an archive, in order; files come one by one, so that only one is in memory. */
export function* zip(
  where: string,
  files: Iterable<readonly [name: string, content: Uint8Array]>,
  compress: boolean,
): Generator<Uint8Array> {
  const directory: Uint8Array[] = []
  let position = 0
  for (const [name, content] of files) {
    const packed = compress ? deflateSync(content) : content
    const nameBytes = new TextEncoder().encode(name)
    if (position + packed.length + 2 * 0xffff >= ELSEWHERE || directory.length >= 0xfffe) {
      throw new ValueError(
        `${where}: an archive holds less than 4 GiB and 65535 arrays; write a safetensors file instead`,
      )
    }
    if (nameBytes.length > 0xffff) {
      throw new ValueError(
        `${where}: a name of ${nameBytes.length} bytes is too long; 65535 are possible`,
      )
    }
    const fields = { content, packed, nameBytes, method: compress ? DEFLATED : STORED }
    const local = record(LOCAL, fields, 4)
    directory.push(record(CENTRAL, fields, 6, position))
    yield local
    yield packed
    position += local.length + packed.length
  }
  yield* directory
  yield endRecord(directory, position)
}

interface Fields {
  readonly content: Uint8Array
  readonly packed: Uint8Array
  readonly nameBytes: Uint8Array
  readonly method: number
}

/** A record of a file: its local header, or with `position` its entry in the directory. */
function record(
  { signature, size }: typeof LOCAL,
  { content, packed, nameBytes, method }: Fields,
  at: number,
  position?: number,
): Uint8Array {
  const bytes = new Uint8Array(size + nameBytes.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, signature, true)
  // The directory names the version that wrote the file, too, before the fields that both have.
  if (position !== undefined) {
    view.setUint16(4, VERSION, true)
    view.setUint32(42, position, true)
  }
  view.setUint16(at, VERSION, true)
  view.setUint16(at + 2, UTF8_NAME, true)
  view.setUint16(at + 4, method, true)
  view.setUint16(at + 8, DATE, true)
  view.setUint32(at + 10, crc32(content), true)
  view.setUint32(at + 14, packed.length, true)
  view.setUint32(at + 18, content.length, true)
  view.setUint16(at + 22, nameBytes.length, true)
  bytes.set(nameBytes, size)
  return bytes
}

function endRecord(directory: readonly Uint8Array[], position: number): Uint8Array {
  const bytes = new Uint8Array(END.size)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, END.signature, true)
  view.setUint16(8, directory.length, true)
  view.setUint16(10, directory.length, true)
  view.setUint32(
    12,
    directory.reduce((sum, { length }) => sum + length, 0),
    true,
  )
  view.setUint32(16, position, true)
  return bytes
}

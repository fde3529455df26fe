import { deflateRawSync } from 'node:zlib'
import { DTypeError, tensor, ValueError, zeros } from '@gradtape/core'
import { readNpz, writeNpy, writeNpz } from '@gradtape/data'
import { describe, expect, it } from 'vitest'
import { zip } from '../../src/npz/zip.ts'
import { fixture } from '../fixtures/fixture.ts'
import { expectSame } from '../fixtures/same.ts'
import { arrays } from '../fixtures/written.ts'

describe('readNpz', () => {
  it.each(['stored.npz', 'deflated.npz'])('reads what NumPy wrote: %s', (name) => {
    const { zeros: none, ...read } = readNpz(fixture(name))
    const expected = arrays()
    expect(Object.keys(read)).toEqual(Object.keys(expected))
    for (const [key, each] of Object.entries(expected)) expectSame(read[key], each)
    if (name === 'deflated.npz') expectSame(none, zeros([5000], { dtype: 'float64' }))
  })

  it.each([false, true])('reads what writeNpz wrote, compress: %s', (compress) => {
    const read = readNpz(writeNpz(arrays(), { compress }))
    for (const [key, each] of Object.entries(arrays())) expectSame(read[key], each)
    const odd = { 'ü/"': tensor([1]), __proto__x: tensor([2]), '': tensor([3]) }
    expect(Object.keys(readNpz(writeNpz(odd, { compress })))).toEqual(Object.keys(odd))
    expect(readNpz(writeNpz({}, { compress }))).toEqual({})
  })

  it('packs where it is asked to', () => {
    const state = { x: zeros([5000]) }
    expect(writeNpz(state).length).toBeGreaterThan(20_000)
    expect(writeNpz(state, { compress: true }).length).toBeLessThan(500)
  })

  it('reads an archive with a comment, which may hold what looks like its end', () => {
    const bytes = writeNpz({ x: tensor([4]) })
    const comment = Uint8Array.of(0x50, 0x4b, 5, 6, ...Array<number>(30).fill(0))
    const file = new Uint8Array(bytes.length + comment.length)
    file.set(bytes)
    file.set(comment, bytes.length)
    new DataView(file.buffer).setUint16(bytes.length - 2, comment.length, true)
    expect(readNpz(file)['x']!.toArray()).toEqual([4])
  })
})

/** An archive of two arrays, `change`d: `at(i)` is where the i-th entry of its directory stands. */
function damaged(
  change: (view: DataView, at: (i: number) => number, end: number) => void,
  compress = false,
): Uint8Array {
  const bytes = writeNpz({ a: tensor([1, 2]), b: tensor([3, 4]) }, { compress })
  const view = new DataView(bytes.buffer)
  const end = bytes.length - 22
  const directory = view.getUint32(end + 16, true)
  change(view, (i) => directory + i * (46 + 'a.npy'.length), end)
  return bytes
}

describe('readNpz refuses', () => {
  it.each<[string, Uint8Array, string | RegExp]>([
    ['an empty file', new Uint8Array(0), 'byte 0: the file has no zip directory at its end'],
    ['another file', new Uint8Array(100), 'byte 100: the file has no zip directory'],
    ['a file cut short', writeNpz({ a: tensor([1]) }).subarray(0, 200), 'is it cut short'],
    [
      'a directory past the file',
      damaged((v, _, end) => v.setUint32(end + 16, end, true)),
      /byte \d+: expected entry 1 of 2/,
    ],
    [
      'a count that is too large',
      damaged((v, _, end) => v.setUint16(end + 10, 3, true)),
      /expected entry 3 of 3 of the directory/,
    ],
    [
      '64-bit archives',
      damaged((v, _, end) => v.setUint32(end + 16, 0xffffffff, true)),
      'archives past 4 GiB or 65535 files are not read',
    ],
    [
      '64-bit entries',
      damaged((v, at) => v.setUint32(at(1) + 24, 0xffffffff, true)),
      '"b.npy" is larger than 4 GiB',
    ],
    [
      'a name past the directory',
      damaged((v, at) => v.setUint16(at(1) + 28, 999, true)),
      "entry 2 runs over the directory's end",
    ],
    [
      'a name that is not UTF-8',
      damaged((v, at) => v.setUint8(at(0) + 46, 0xff)),
      /byte \d+: is not UTF-8/,
    ],
    ['encryption', damaged((v, at) => v.setUint16(at(0) + 8, 1, true)), '"a.npy" is encrypted'],
    [
      'another method',
      damaged((v, at) => v.setUint16(at(0) + 10, 12, true)),
      '"a.npy" is packed by method 12',
    ],
    [
      'an entry that starts nowhere',
      damaged((v, at) => v.setUint32(at(1) + 42, 7, true)),
      '"b.npy" should start at byte 7, but no file does',
    ],
    [
      'an entry past the files',
      damaged((v, at) => {
        v.setUint32(at(1) + 20, 999, true)
        v.setUint32(at(1) + 24, 999, true)
      }),
      /"b.npy" ends at byte \d+, past the files' end/,
    ],
    [
      'two entries of the same bytes',
      damaged((v, at) => v.setUint32(at(1) + 42, 0, true)),
      /byte \d+: "b.npy" overlaps with "a.npy"/,
    ],
    [
      'a stored file of two sizes',
      damaged((v, at) => v.setUint32(at(0) + 24, 9, true)),
      /"a.npy" can't have 9 bytes, packed into \d+/,
    ],
    [
      'a size that nothing packs into so few bytes',
      damaged((v, at) => v.setUint32(at(0) + 24, 0xfffffff0, true), true),
      /"a.npy" can't have 4294967280 bytes, packed into/,
    ],
    [
      'a size that is too small',
      damaged((v, at) => v.setUint32(at(0) + 24, 9, true), true),
      "doesn't unpack to the 9 bytes of its checksum",
    ],
    [
      'another checksum',
      damaged((v, at) => v.setUint32(at(0) + 16, 1, true)),
      /byte \d+: "a.npy" doesn't unpack to the 136 bytes of its checksum/,
    ],
    [
      'packed bytes that are none',
      damaged((v) => v.setUint8(35, 0xff), true),
      /byte 35: "a.npy" can't be unpacked: /,
    ],
    [
      'a name twice',
      damaged((v, at) => v.setUint8(at(1) + 46, 'a'.charCodeAt(0))),
      'array "a" stands in the file twice',
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => readNpz(bytes)).toThrow(ValueError)
    expect(() => readNpz(bytes)).toThrow(/^readNpz: /)
    expect(() => readNpz(bytes)).toThrow(message)
  })

  it('a file that unpacks to more than it says, though what it says is right', () => {
    const content = writeNpy(tensor([1, 2]))
    const longer = new Uint8Array(content.length + 1)
    longer.set(content)
    const parts = [...zip('test', [['a.npy', longer]], true)]
    const right = [...zip('test', [['a.npy', content]], true)]
    // The directory's size and checksum are those of the first bytes.
    parts[2]!.set(right[2]!.subarray(16, 20), 16)
    parts[2]!.set(right[2]!.subarray(24, 28), 24)
    const bytes = Uint8Array.from(parts.flatMap((part) => [...part]))
    expect(() => readNpz(bytes)).toThrow(ValueError)
    expect(() => readNpz(bytes)).toThrow("doesn't unpack to the 136 bytes of its checksum")
  })

  it('arrays larger than maxBytes, before one is unpacked', () => {
    const bytes = writeNpz({ a: zeros([1000]), b: zeros([1000]) }, { compress: true })
    expect(() => readNpz(bytes, { maxBytes: 8000 })).toThrow(ValueError)
    expect(() => readNpz(bytes, { maxBytes: 8000 })).toThrow(
      'the 2 arrays would unpack to 8256 bytes; pass { maxBytes } to read more than 8000',
    )
    expect(Object.keys(readNpz(bytes, { maxBytes: 8256 }))).toEqual(['a', 'b'])
    expect(() => readNpz(bytes, { maxBytes: NaN })).toThrow('maxBytes must be a number of bytes')
  })

  it('an array of another dtype, by name', () => {
    const parts = [...zip('test', [['c.npy', fixture('complex.npy')]], true)]
    const bytes = Uint8Array.from(parts.flatMap((part) => [...part]))
    expect(() => readNpz(bytes)).toThrow(DTypeError)
    expect(() => readNpz(bytes)).toThrow(
      'readNpz: array "c": the elements have NumPy\'s dtype "<c8"',
    )
  })

  it('what is no file', () => {
    expect(() => readNpz(null as never)).toThrow('readNpz: expected the bytes of a file')
  })
})

describe('writeNpz', () => {
  it('refuses what readers would not get back', () => {
    expect(() => writeNpz({ a: 1 } as never)).toThrow(
      'writeNpz: "a": expected a tensor, got number',
    )
    const half = { h: tensor([1], { dtype: 'bfloat16' }) }
    expect(() => writeNpz(half)).toThrow(DTypeError)
    expect(() => writeNpz(half)).toThrow('writeNpz: "h": NumPy has no bfloat16')
    expect(() => writeNpz({ ['a'.repeat(70_000)]: tensor([1]) })).toThrow('a name of 70004 bytes')
  })

  it('writes an archive that stays one when zlib packs its file', () => {
    const stored = writeNpz({ x: tensor([1, 2, 3]) })
    const content = stored.subarray(30 + 5, 30 + 5 + 128 + 12)
    const packed = deflateRawSync(content)
    const file = new Uint8Array(stored.length - content.length + packed.length)
    file.set(stored.subarray(0, 35))
    file.set(packed, 35)
    file.set(stored.subarray(35 + content.length), 35 + packed.length)
    const view = new DataView(file.buffer)
    const directory = 35 + packed.length
    view.setUint16(directory + 10, 8, true)
    view.setUint32(directory + 20, packed.length, true)
    view.setUint32(file.length - 22 + 16, directory, true)
    expect(readNpz(file)['x']!.toArray()).toEqual([1, 2, 3])
  })
})

import { DTypeError, ValueError } from '@gradtape/core'
import { readSafetensors } from '@gradtape/data'
import { describe, expect, it } from 'vitest'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A file of this header and so many bytes of data. */
function file(header: string | Uint8Array, data = 0, claimed?: bigint): Uint8Array {
  const text = typeof header === 'string' ? utf8(header) : header
  const bytes = new Uint8Array(8 + text.length + data)
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(text.length), true)
  bytes.set(text, 8)
  return bytes
}

const entry = (start: unknown, end: unknown, shape = '[1]', dtype = '"U8"'): string =>
  `{"dtype":${dtype},"shape":${shape},"data_offsets":[${start},${end}]}`

const deep = `[${Array(70).fill(1).join(',')}]`

describe('readSafetensors refuses', () => {
  it.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(0), 'byte 0: the file ends within the 8 bytes'],
    ['five bytes', new Uint8Array(5), 'byte 5: the file ends within the 8 bytes'],
    [
      'a header past the end',
      file('{}', 0, 3n),
      'byte 0: the header would have 3 bytes, but only 2',
    ],
    ['a header too large', file('{}', 0, 100_000_001n), 'byte 0: the header would have 100000001'],
    ['a length past 2^53', file('{}', 0, 2n ** 63n), 'more than the 100000000 that are allowed'],
    ['no header', file(''), 'byte 8: expected "{", got the end of the header'],
    ['a space first', file(' {}'), 'byte 8: expected "{", got " {}"'],
    ['a byte order mark', file('\ufeff{}'), 'byte 8: expected "{"'],
    ['what follows the header', file('{}x'), 'byte 10: expected the end of the header, got "x"'],
    ['what is not UTF-8', file(Uint8Array.of(0x7b, 0x22, 0xff, 0x22)), 'byte 10: is not UTF-8'],
    ['a list', file('[]'), 'byte 8: expected "{"'],
    ['an open object', file('{"a"'), 'byte 12: expected ":", got the end'],
    ['an open text', file('{"ab'), 'byte 9: expected a text in quotes'],
    ['an unknown escape', file('{"\\x":1}'), 'byte 9: expected a text in quotes, got "\\"\\\\x'],
    ['a line in a text', file('{"\n":1}'), 'byte 9: expected a text in quotes'],
    ['half a surrogate pair', file(`{"\\ud800":${entry(0, 1)}}`, 1), 'byte 9: expected a text'],
    ['a last comma', file(`{"a":${entry(0, 1)},}`, 1), 'expected a text in quotes, got "}"'],
    ['bytes counted after ü', file('{"ü":x}'), 'byte 14: expected "{", got "x}"'],
    [
      'a name twice',
      file(`{"a":${entry(0, 1)},"a":${entry(1, 2)}}`, 2),
      'byte 61: this name stands here twice, got "\\"a\\":',
    ],
    [
      'a name twice, once escaped',
      file(`{"a":${entry(0, 1)},"\\u0061":${entry(1, 2)}}`, 2),
      'this name stands here twice',
    ],
    [
      'a key twice',
      file('{"a":{"dtype":"U8","dtype":"U8"}}'),
      'byte 27: this name stands here twice',
    ],
    ['an unknown key', file('{"a":{"dtypes":"U8"}}'), '"dtypes" is not known'],
    ['a missing key', file('{"a":{"dtype":"U8"}}'), 'byte 13: expected dtype, shape and the two'],
    ['a number for a tensor', file('{"a":1}'), 'byte 13: expected "{", got "1}"'],
    [
      'one offset',
      file('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0]}}'),
      'the two data_offsets',
    ],
    ['a NaN size', file(`{"a":${entry(0, 1, '[NaN]')}}`), 'expected a size, an integer from 0 to'],
    ['a null size', file(`{"a":${entry(0, 1, '[null]')}}`), 'expected a size'],
    ['a negative size', file(`{"a":${entry(0, 1, '[-1]')}}`, 1), 'expected a size'],
    ['a fraction', file(`{"a":${entry(0, 1, '[1.5]')}}`, 1), 'expected a size, an integer'],
    ['an exponent', file(`{"a":${entry(0, 1, '[1e0]')}}`, 1), 'expected a size, an integer'],
    ['a leading zero', file(`{"a":${entry(0, 1, '[01]')}}`, 1), 'expected a size, an integer'],
    [
      'a size past 2^53',
      file(`{"a":${entry(0, 1, '[9007199254740992]')}}`),
      'got "9007199254740992',
    ],
    ['an offset past 2^53', file(`{"a":${entry(0, '1'.repeat(400))}}`), 'expected an offset'],
    [
      'a product past 2^53',
      file(`{"a":${entry(0, 0, '[4294967296,4294967296,0]')}}`),
      'tensor "a": the shape [4294967296, 4294967296, 0] of 3 dimensions is too large',
    ],
    ['70 dimensions', file(`{"a":${entry(0, 1, deep)}}`, 1), 'of 70 dimensions is too large'],
    [
      'a length that does not fit the shape',
      file(`{"a":${entry(0, 3, '[2]')}}`, 3),
      'tensor "a" of dtype uint8 and shape [2] takes 2 bytes, but its data_offsets are [0, 3]',
    ],
    ['offsets in the wrong order', file(`{"a":${entry(1, 0)}}`, 1), 'its data_offsets are [1, 0]'],
    [
      'an overlap',
      file(`{"a":${entry(0, 2, '[2]')},"b":${entry(1, 3, '[2]')}}`, 3),
      'tensor "b" starts at byte 114 and overlaps with tensor "a", which ends at byte 115',
    ],
    [
      'a gap',
      file(`{"a":${entry(0, 1)},"b":${entry(2, 3)}}`, 3),
      'tensor "b" starts at byte 115 and leaves a gap after tensor "a", which ends at byte 114',
    ],
    ['a gap at the start', file(`{"a":${entry(1, 2)}}`, 2), 'leaves a gap after the header'],
    [
      'data of no tensor',
      file(`{"a":${entry(0, 1)}}`, 2),
      'tensor "a" ends at byte 62, but the file at byte 63',
    ],
    [
      'data cut short',
      file(`{"a":${entry(0, 1)}}`, 0),
      'but the file at byte 61; is it cut short?',
    ],
    ['data after no tensor', file('{}', 1), 'the header ends at byte 10, but the file at byte 11'],
    ['metadata that is no object', file('{"__metadata__":1}'), 'byte 24: expected "{"'],
    [
      'a number in metadata',
      file('{"__metadata__":{"a":1}}'),
      'byte 29: expected a text in quotes',
    ],
    ['metadata twice', file('{"__metadata__":{},"__metadata__":{}}'), 'byte 27: this name stands'],
    ['a name in metadata twice', file('{"__metadata__":{"a":"","a":""}}'), 'byte 32: this name'],
  ])('%s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(ValueError)
    expect(() => readSafetensors(bytes)).toThrow(/^readSafetensors: /)
    expect(() => readSafetensors(bytes)).toThrow(message)
  })

  it.each(['F8_E4M3', 'I16', 'U64', 'f32', '', 'toString'])('the dtype %j by name', (dtype) => {
    const bytes = file(`{"w":${entry(0, 1, '[1]', JSON.stringify(dtype))}}`, 1)
    expect(() => readSafetensors(bytes)).toThrow(DTypeError)
    expect(() => readSafetensors(bytes)).toThrow(
      `tensor "w" has the dtype "${dtype}"; only F64, F32`,
    )
  })

  it('takes names that mean something to JavaScript for names', () => {
    const bytes = file(`{"__proto__":${entry(0, 1)},"constructor":${entry(1, 2)}} `, 2)
    bytes.set([5, 6], bytes.length - 2)
    const tensors = readSafetensors(bytes)
    expect(Object.entries(tensors).map(([name, x]) => [name, x.item()])).toEqual([
      ['__proto__', 5],
      ['constructor', 6],
    ])
    expect(Object.getPrototypeOf(tensors)).toBe(Object.prototype)
  })
})

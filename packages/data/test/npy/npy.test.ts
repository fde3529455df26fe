import { arange, DTypeError, tensor, ValueError } from '@gradtape/core'
import { readNpy, writeNpy } from '@gradtape/data'
import { describe, expect, it } from 'vitest'
import { fixture } from '../fixtures/fixture.ts'
import { expectSame } from '../fixtures/same.ts'
import { arrays } from '../fixtures/written.ts'

const orders = ['Cle', 'Cbe', 'Fle', 'Fbe']

describe('readNpy', () => {
  it.each(Object.keys(arrays()).flatMap((name) => orders.map((order) => [name, order])))(
    'reads what NumPy wrote: %s, %s',
    (name, order) => expectSame(readNpy(fixture(`${name}-${order}.npy`)), arrays()[name!]),
  )

  it.each(['cube-F', 'version-2', 'version-3'])('reads a cube: %s', (name) => {
    expectSame(readNpy(fixture(`${name}.npy`)), arange(24, { dtype: 'int32' }).reshape([2, 3, 4]))
  })

  it.each([
    ['complex', '"<c8"; only f8, f4, f2, i8, i4, u1, b1 are read'],
    ['object', '"|O"; only'],
    ['record', 'the elements are records'],
  ])('refuses NumPy arrays of others: %s', (name, message) => {
    expect(() => readNpy(fixture(`${name}.npy`))).toThrow(DTypeError)
    expect(() => readNpy(fixture(`${name}.npy`))).toThrow(message)
  })

  it('reads what writeNpy wrote, from an ArrayBuffer too', () => {
    for (const each of Object.values(arrays())) expectSame(readNpy(writeNpy(each)), each)
    expect(readNpy(writeNpy(tensor([3])).slice().buffer).toArray()).toEqual([3])
  })
})

/** A file of version 1 with this header. */
function file(header: string, data = 0, version = 1): Uint8Array {
  const start = version === 1 ? 10 : 12
  const bytes = new Uint8Array(start + header.length + data)
  bytes.set([
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    version,
    0,
    header.length & 255,
    header.length >> 8,
  ])
  for (let i = 0; i < header.length; i++) bytes[start + i] = header.charCodeAt(i)
  return bytes
}

const dict = (shape: string, descr = "'<f4'", order = 'False'): string =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`

describe('readNpy refuses', () => {
  it.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(0), 'byte 0: this is no .npy file'],
    ['another file', Uint8Array.of(0x93, 0x4e, 0x58), 'byte 2: this is no .npy file'],
    ['a file without a version', file('').subarray(0, 6), 'byte 6: the version is missing'],
    ['version 4', file(dict('()'), 4, 4), 'byte 6: the version is 4; 1, 2 and 3 are read'],
    [
      'a file that ends early',
      file('').subarray(0, 9),
      "byte 9: the file ends within the header's",
    ],
    [
      'a header past the end',
      file('abc').subarray(0, 12),
      'byte 8: the header would have 3 bytes; 2',
    ],
    ['no dict', file('[]'), 'byte 10: expected "{", got "[]"'],
    ['an empty dict', file('{}'), 'byte 10: expected all of descr, fortran_order and shape'],
    ['a name without quotes', file('{descr: 1}'), 'byte 11: expected a name in quotes'],
    ['an unknown name', file("{'order': 'C'}"), 'byte 11: only descr, fortran_order and shape'],
    [
      'a name twice',
      file("{'descr': '<f4', 'descr': '<f8'}"),
      'byte 27: this name stands here twice',
    ],
    ['a dtype without quotes', file('{"descr": f4}'), "expected a dtype such as '<f4'"],
    [
      'an order that is a number',
      file(dict('()', "'<f4'", '1'), 4),
      'expected True or False, got "1,',
    ],
    ['a list for a shape', file(dict('[1]'), 4), 'expected "(", got "[1]'],
    ['a number for a shape', file(dict('(1)'), 4), 'expected ",", got ")'],
    ['a name for a size', file(dict('(n,)'), 4), 'expected a size, an integer from 0 to 2^53'],
    ['a negative size', file(dict('(-1,)'), 4), 'expected a size'],
    ['an infinite size', file(dict('(inf,)'), 4), 'expected a size'],
    ['a size past 2^53', file(dict('(9007199254740993,)')), 'expected a size'],
    ['a product past 2^53', file(dict('(4294967296, 4294967296)')), 'is too large'],
    [
      'something after the dict',
      file(`${dict('()')} 1`, 4),
      'byte 66: expected the end of the header',
    ],
    ['an open dict', file("{'descr': '<f4'"), 'byte 25: expected "}", got the end of the header'],
    [
      'data cut short',
      file(dict('(2, 3)'), 23),
      'the array of dtype <f4 and shape [2, 3] would end at byte 93, but the file ends at byte 92; is it cut short?',
    ],
    ['data that is too long', file(dict('(2, 3)'), 25), 'but the file ends at byte 94'],
  ])('%s', (_, bytes, message) => {
    expect(() => readNpy(bytes)).toThrow(ValueError)
    expect(() => readNpy(bytes)).toThrow(/^readNpy: /)
    expect(() => readNpy(bytes)).toThrow(message)
  })

  it('a header that is too long, and one that is not UTF-8', () => {
    const long = file(dict('()'), 4, 2)
    new DataView(long.buffer).setUint32(8, 65_537, true)
    expect(() => readNpy(long)).toThrow('byte 8: the header would have 65537 bytes')
    expect(() => readNpy(file("{'\xff'}", 4, 3))).toThrow('byte 14: is not UTF-8')
  })

  it.each(["'|f4'", "'f4'", "'<i2'", "'<U3'", "''", "'<toString'", "'|i4'"])('%s', (descr) => {
    expect(() => readNpy(file(dict('(1,)', descr), 4))).toThrow(DTypeError)
  })

  it('what is no file', () => {
    expect(() => readNpy('x.npy' as never)).toThrow('readNpy: expected the bytes of a file')
  })
})

describe('writeNpy', () => {
  it('starts the elements at a multiple of 64', () => {
    for (const shape of [[], [0], [1, 1, 1], Array<number>(60).fill(1)]) {
      const bytes = writeNpy(tensor(shape.includes(0) ? [] : [1], { shape, dtype: 'uint8' }))
      expect(bytes.length % 64).toBe(shape.includes(0) ? 0 : 1)
      expect([...readNpy(bytes).shape]).toEqual(shape)
    }
  })

  it('refuses bfloat16, which NumPy lacks, and what is no tensor', () => {
    const half = tensor([1], { dtype: 'bfloat16' })
    expect(() => writeNpy(half)).toThrow(DTypeError)
    expect(() => writeNpy(half)).toThrow('writeNpy: NumPy has no bfloat16; convert the tensor with')
    expect(() => writeNpy([1] as never)).toThrow(ValueError)
    expect(() => writeNpy([1] as never)).toThrow('writeNpy: expected a tensor, got object')
  })
})

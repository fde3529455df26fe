import { DTypeError, setDefaultDtype, tensor, ValueError } from '@gradtape/core'
import { parseCsv } from '@gradtape/data'
import type { CsvOptions } from '@gradtape/data'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'

afterEach(() => setDefaultDtype('float32'))

describe('parseCsv', () => {
  it('reads rows of numbers', () => {
    const table = parseCsv('1,2.5,-3\n4e2,.5,+6.\n')
    expect([table.shape, table.dtype]).toEqual([[2, 3], 'float32'])
    expect(table.toArray()).toEqual([
      [1, 2.5, -3],
      [400, 0.5, 6],
    ])
  })

  it('reads what it is given in float64, bit for bit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true })), {
          minLength: 1,
        }),
        (rows) => {
          const text = rows
            .map((row) => row.map((x) => (Object.is(x, -0) ? '-0' : x)).join())
            .join('\n')
          expect(parseCsv(text, { dtype: 'float64' }).toArray()).toEqual(rows)
        },
      ),
    )
  })

  it('takes either line ending, blank lines, spaces, quotes, a byte order mark and no last newline', () => {
    const text = '\uFEFF1, 2\r\n\r\n"3",\t4 \n\n5,6'
    expect(parseCsv(text).toArray()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ])
  })

  it('does not take a byte order mark for a part of the first name', () => {
    const text = '\uFEFF"a",b\n1,2\n'
    expect(parseCsv(text, { header: true, columns: ['a'] }).item()).toBe(1)
  })

  it('knows nan and inf', () => {
    const row = parseCsv('nan,NaN,inf,-Infinity', { dtype: 'float64' })
    expect(row.toArray()).toEqual([[NaN, NaN, Infinity, -Infinity]])
  })

  it('takes another delimiter', () => {
    expect(parseCsv('1;2\n3;4', { delimiter: ';' }).shape).toEqual([2, 2])
    expect(parseCsv('1\t2\n3\t4', { delimiter: '\t' }).shape).toEqual([2, 2])
  })

  it('keeps columns by position and by name, in the order asked for', () => {
    const text = 'a,"b, c",name\n1,2,x\n3,4,y\n'
    expect(parseCsv(text, { header: true, columns: ['b, c', 'a'] }).toArray()).toEqual([
      [2, 1],
      [4, 3],
    ])
    expect(parseCsv(text, { header: true, columns: [-2] }).toArray()).toEqual([[2], [4]])
  })

  it('has the default float dtype or the one asked for', () => {
    expect(parseCsv('1', { dtype: 'int32' }).dtype).toBe('int32')
    expect(parseCsv('-2147483648', { dtype: 'int32' }).item()).toBe(-2147483648)
    setDefaultDtype('float64')
    expect(parseCsv('0.1').dtype).toBe('float64')
    expect(parseCsv('0.1').item()).toBe(0.1)
  })

  it('splits into features and labels by indexing', () => {
    const table = parseCsv('5.1,3.5,0\n6.2,2.9,1\n')
    expect(table.narrow(1, 0, 2).shape).toEqual([2, 2])
    expect(table.at('...', 2).to('int32').toArray()).toEqual([0, 1])
    expect(table.at('...', 2).to('int32').dtype).toBe(tensor([0], { dtype: 'int32' }).dtype)
  })

  it.each<[string, string, CsvOptions, string]>([
    [
      'a missing field',
      '1,2,3\n4,5,6\n\n7,8\n',
      {},
      'line 4 has 2 fields, expected 3 as in line 1',
    ],
    ['an extra field', '1,2\r\n3,4,5\r\n', {}, 'line 2 has 3 fields, expected 2 as in line 1'],
    ['an extra delimiter', '1,2\n3,4,\n', {}, 'line 2 has 3 fields'],
    ['an empty field', '1,2\n3,\n', {}, 'line 2, column 2 is empty'],
    ['a word', '1,2\n3,4\n5,x6\n', {}, 'line 3, column 2 is not a number: "x6"'],
    ['a hexadecimal number', '1\n0x10\n', {}, 'line 2, column 1 is not a number: "0x10"'],
    ['two numbers in a field', '1\n1 2\n', {}, 'line 2, column 1 is not a number: "1 2"'],
    ['a header that is not announced', 'a,b\n1,2\n', {}, 'pass { header: true } if this line'],
    [
      'a word under a name',
      'a,b\n1,z\n',
      { header: true },
      'line 2, column 2 ("b") is not a number',
    ],
    ['a short row under a header', 'a,b\n1\n', { header: true }, 'line 2 has 1 fields, expected 2'],
    ['an empty text', '', {}, 'the text is empty'],
    ['blank lines alone', '\n \n', {}, 'the text is empty'],
    ['a header alone', 'a,b\n', { header: true }, 'a header and no rows'],
    [
      'a fraction for int32',
      '1\n2.5\n',
      { dtype: 'int32' },
      'line 2, column 1 is not a 32-bit integer: 2.5',
    ],
    [
      'a large int32',
      '2147483648\n',
      { dtype: 'int32' },
      'line 1, column 1 is not a 32-bit integer',
    ],
    ['nan for int32', 'nan\n', { dtype: 'int32' }, 'line 1, column 1 is not a 32-bit integer: nan'],
    ['an open quote', '1,2\n"3,4\n', {}, 'at line'],
    ['an unknown position', '1,2\n', { columns: [2] }, 'no column 2; positions run from -2 to 1'],
    ['a fractional position', '1,2\n', { columns: [0.5] }, 'no column 0.5'],
    [
      'an unknown name',
      'a,b\n1,2\n',
      { header: true, columns: ['c'] },
      'the header names "a", "b"',
    ],
    [
      'a name without a header',
      '1,2\n',
      { columns: ['a'] },
      'asked for by name; pass { header: true }',
    ],
    ['an empty delimiter', '1,2\n', { delimiter: '' }, 'delimiter must not be empty'],
  ])('refuses %s', (_, text, options, message) => {
    expect(() => parseCsv(text, options)).toThrow(ValueError)
    expect(() => parseCsv(text, options)).toThrow(message)
  })

  it('refuses a dtype that holds no numbers', () => {
    expect(() => parseCsv('1', { dtype: 'bool' as never })).toThrow(DTypeError)
  })
})

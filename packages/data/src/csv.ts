import { DTypeError, getDefaultDtype, tensor, ValueError } from '@gradtape/core'
import type { Tensor } from '@gradtape/core'
import { parse } from '#csv-parse'
import { checkOptions } from './checks.ts'

/** How a CSV text is read. */
export interface CsvOptions {
  /** Whether the first line names the columns. Default: false, every line holds numbers. */
  header?: boolean
  /** What stands between fields. Default: `','`. */
  delimiter?: string
  /**
   * The columns to keep, in this order: positions (negative ones count from the end) or, with
   * `header`, names. Others may hold anything. Default: all.
   */
  columns?: readonly (number | string)[]
  /** Default: the default float dtype. `'int32'` refuses fractions. */
  dtype?: 'float32' | 'float64' | 'int32'
}

interface Row {
  line: number
  fields: string[]
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const SPECIAL = /^([+-]?)(nan|inf|infinity)$/i

/**
 * Reads numbers in CSV form (RFC 4180: fields may be quoted) into a tensor `[rows, columns]`.
 *
 * Numbers are decimal; `nan` and `inf` are numbers too. Spaces around fields, blank lines and a byte
 * order mark are skipped. A column of labels is taken out of the result by indexing.
 *
 * @throws {ValueError} naming the line: a field is missing or too many, empty, or no number; there is
 * no line of numbers; a column doesn't exist.
 *
 * @example
 * ```ts
 * import { parseCsv } from '@gradtape/data'
 *
 * const table = parseCsv('5.1,3.5,0\n6.2,2.9,1\n')
 * const x = table.narrow(1, 0, 2)
 * const y = table.at('...', 2).to('int32')
 * console.log(x.shape, y) // → [ 2, 2 ] tensor([0, 1], dtype=int32)
 * ```
 */
export function parseCsv(text: string, options: CsvOptions = {}): Tensor<[number, number]> {
  const { header = false, columns, dtype = getDefaultDtype() } = checkOptions('parseCsv', options)
  if (dtype !== 'float32' && dtype !== 'float64' && dtype !== 'int32') {
    throw new DTypeError(
      `parseCsv: dtype must be 'float32', 'float64' or 'int32', got ${JSON.stringify(dtype)}`,
    )
  }
  const rows = splitRows(text, options)
  const first = rows[0]
  if (first === undefined) throw new ValueError('parseCsv: the text is empty')
  const names = header ? first.fields : undefined
  const body = header ? rows.slice(1) : rows
  if (body.length === 0) throw new ValueError('parseCsv: the text holds a header and no rows')

  const width = first.fields.length
  const kept = columns?.map((column) => findColumn(column, width, names)) ?? [
    ...Array(width).keys(),
  ]
  const data =
    dtype === 'int32'
      ? new Int32Array(body.length * kept.length)
      : new Float64Array(body.length * kept.length)
  let position = 0
  for (const { line, fields } of body) {
    if (fields.length !== width) {
      throw new ValueError(
        `parseCsv: line ${line} has ${fields.length} fields, expected ${width} as in line ${first.line}`,
      )
    }
    for (const column of kept) {
      const field = fields[column] ?? ''
      const value = readNumber(field)
      if (value === undefined || (dtype === 'int32' && value !== (value | 0))) {
        const name = names === undefined ? '' : ` (${JSON.stringify(names[column])})`
        const problem =
          field === ''
            ? 'is empty'
            : value === undefined
              ? `is not a number: ${JSON.stringify(field)}`
              : `is not a 32-bit integer: ${field}`
        const hint =
          line === first.line && value === undefined && !header
            ? '; pass { header: true } if this line names the columns'
            : ''
        throw new ValueError(
          `parseCsv: line ${line}, column ${column + 1}${name} ${problem}${hint}`,
        )
      }
      data[position++] = value
    }
  }
  return tensor(data, { dtype, shape: [body.length, kept.length] })
}

/** The lines that are not blank, with their numbers (a record over several lines has its last one's). */
function splitRows(text: string, { delimiter = ',' }: CsvOptions): Row[] {
  if (delimiter === '') throw new ValueError('parseCsv: delimiter must not be empty')
  try {
    const records: unknown = parse(text, {
      delimiter,
      // Named, because guessing one for a text that mixes both would miscount its lines.
      record_delimiter: ['\r\n', '\n'],
      trim: true, // a byte order mark too
      skip_empty_lines: true,
      relax_column_count: true,
      info: true,
    })
    return (records as { info: { lines: number }; record: string[] }[]).map(({ info, record }) => ({
      line: info.lines,
      fields: record,
    }))
  } catch (error) {
    throw new ValueError(`parseCsv: ${(error as Error).message}`, { cause: error })
  }
}

function findColumn(
  column: number | string,
  width: number,
  names: readonly string[] | undefined,
): number {
  if (typeof column === 'string') {
    if (names === undefined) {
      throw new ValueError(
        `parseCsv: column ${JSON.stringify(column)} is asked for by name; pass { header: true }`,
      )
    }
    const position = names.indexOf(column)
    if (position < 0) {
      throw new ValueError(
        `parseCsv: there is no column ${JSON.stringify(column)}; the header names ${names.map((name) => JSON.stringify(name)).join(', ')}`,
      )
    }
    return position
  }
  const position = column < 0 ? column + width : column
  if (!Number.isInteger(position) || position < 0 || position >= width) {
    throw new ValueError(
      `parseCsv: there is no column ${column}; positions run from ${-width} to ${width - 1}`,
    )
  }
  return position
}

function readNumber(field: string): number | undefined {
  if (DECIMAL.test(field)) return Number(field)
  const special = SPECIAL.exec(field)
  if (special === null) return undefined
  const magnitude = special[2]?.toLowerCase() === 'nan' ? NaN : Infinity
  return special[1] === '-' ? -magnitude : magnitude
}

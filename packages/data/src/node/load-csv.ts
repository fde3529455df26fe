import { readFile } from 'node:fs/promises'
import type { Tensor } from '@gradtape/core'
import { parseCsv } from '../csv.ts'
import type { CsvOptions } from '../csv.ts'
import { inFile } from './in-file.ts'

/**
 * Reads a CSV file (UTF-8) into a tensor `[rows, columns]`, as {@link parseCsv} does.
 * @throws {ValueError} naming the file, and the line where one is to blame.
 */
export async function loadCsv(
  path: string | URL,
  options: CsvOptions = {},
): Promise<Tensor<[number, number]>> {
  return inFile('loadCsv', path, 'read', async () =>
    parseCsv(await readFile(path, 'utf8'), options),
  )
}

import { readFile } from 'node:fs/promises'
import { GradtapeError, ValueError } from '@gradtape/core'
import type { Tensor } from '@gradtape/core'
import { parseCsv } from '../csv.ts'
import type { CsvOptions } from '../csv.ts'

/**
 * Reads a CSV file (UTF-8) into a tensor `[rows, columns]`, as {@link parseCsv} does.
 * @throws {ValueError} naming the file, and the line where one is to blame.
 */
export async function loadCsv(
  path: string | URL,
  options: CsvOptions = {},
): Promise<Tensor<[number, number]>> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new ValueError(`loadCsv: can't read ${path}: ${(error as Error).message}`, {
      cause: error,
    })
  }
  try {
    return parseCsv(text, options)
  } catch (error) {
    if (!(error instanceof GradtapeError)) throw error
    const Same = error.constructor as new (message: string, options: ErrorOptions) => GradtapeError
    throw new Same(`loadCsv: ${path}: ${error.message}`, { cause: error })
  }
}

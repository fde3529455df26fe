import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DTypeError, ValueError } from '@gradtape/core'
import { loadCsv } from '@gradtape/data/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let directory: string
let file: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gradtape-csv-'))
  file = join(directory, 'table.csv')
  await writeFile(file, 'a,b\n1,2\n3,x\n')
})
afterAll(() => rm(directory, { recursive: true }))

describe('loadCsv', () => {
  it('reads a file, by path or URL, with the options of parseCsv', async () => {
    const options = { header: true, columns: ['a'] }
    expect((await loadCsv(file, options)).toArray()).toEqual([[1], [3]])
    expect((await loadCsv(pathToFileURL(file), options)).toArray()).toEqual([[1], [3]])
  })

  it('names the file and the line', async () => {
    const failing = loadCsv(file, { header: true })
    await expect(failing).rejects.toThrow(ValueError)
    await expect(failing).rejects.toThrow(/table\.csv: parseCsv: line 3, column 2 \("b"\)/)
    await expect(loadCsv(file, { dtype: 'bool' as never })).rejects.toThrow(DTypeError)
  })

  it('names a file that is not there', async () => {
    const failing = loadCsv(join(directory, 'absent.csv'))
    await expect(failing).rejects.toThrow(ValueError)
    await expect(failing).rejects.toThrow(/loadCsv: can't read .*absent\.csv: ENOENT/)
  })
})

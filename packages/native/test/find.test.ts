import { writeFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GradtapeError } from '@gradtape/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBlas } from '../src/find.ts'
import { loadKoffi, type Foreign } from '../src/foreign.ts'
import { Simulated, type Fault } from './simulated.ts'

/** What is said when no library can be used. */
function refusal(foreign: Foreign, search: Parameters<typeof findBlas>[1]): string {
  try {
    findBlas(foreign, search)
  } catch (error) {
    if (error instanceof GradtapeError) return error.message
    throw error
  }
  throw new Error('a library was taken')
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gradtape-native-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a library that is named is refused when', () => {
  const koffi = loadKoffi()

  test('it is not there', () => {
    const said = refusal(koffi, { named: 'libnowhere.so.0', platform: 'linux' })
    expect(said).toMatch(
      /^@gradtape\/native: libnowhere\.so\.0 can't be used: .+\. Going on without/,
    )
    expect(said).toMatch(/apt install libopenblas0.*GRADTAPE_BLAS$/)
    expect(said).not.toContain('\n')
  })

  test('it is no library', () => {
    const file = join(folder, 'libopenblas.so')
    writeFileSync(file, 'no machine code at all')
    expect(refusal(koffi, { named: file })).toContain(`${file} can't be used`)
  })

  test.runIf(process.platform === 'linux')('it has no CBLAS', () => {
    const said = refusal(koffi, { named: 'libm.so.6' })
    expect(said).toMatch(/libm\.so\.6 can't be used: it lacks functions of CBLAS: .*cblas_sgemm/)
  })

  const faults: readonly Fault[] = [
    'transposition',
    'old result',
    'skipped zeros',
    'written beyond',
    'float64',
    'nothing written',
  ]
  test.each(faults)('it computes wrongly: %s', (fault) => {
    const said = refusal(new Simulated({ 'libwrong.so': fault }), { named: 'libwrong.so' })
    const name = fault === 'float64' ? 'dgemm' : 'sgemm'
    expect(said).toMatch(
      new RegExp(`computes wrongly: cblas_${name}.*, gave \\S+ for \\S+\\. Going`),
    )
  })
})

test('where koffi has no binary, one line says so', () => {
  const refuse = (): never => {
    throw new Error('Cannot find the native Koffi module\nRequire stack:\n- here')
  }
  expect(() => loadKoffi(refuse)).toThrow(
    new GradtapeError(
      "@gradtape/native: koffi, which calls BLAS, can't be loaded " +
        '(Error: Cannot find the native Koffi module). Going on without',
    ),
  )
})

describe('of the usual names', () => {
  test('libraries that are not there are passed over without a word', () => {
    const said = refusal(new Simulated({}), { platform: 'linux' })
    expect(said).toMatch(/^@gradtape\/native: no BLAS was found\. Going on without/)
  })

  test('a broken one is named when no other is usable', () => {
    const foreign = new Simulated({ 'libopenblas.so.0': 'transposition' })
    const said = refusal(foreign, { platform: 'linux' })
    expect(said).toMatch(/libopenblas\.so\.0 can't be used: it computes wrongly/)
  })

  test('one that needs a library which is not there is broken', () => {
    const foreign: Foreign = {
      load(file) {
        const missing = file === 'libopenblas.so.0' ? 'libgfortran.so.5: ' : ''
        throw new Error(`Failed to load: ${missing}cannot open shared object file: No such file`)
      },
      address: () => 0n,
    }
    const said = refusal(foreign, { platform: 'linux' })
    expect(said).toMatch(/: libopenblas\.so\.0 can't be used: .*libgfortran\.so\.5: cannot open/)
    expect(said).not.toContain('libblis')
  })

  test('one that may be slow is taken only by its name', () => {
    const foreign = new Simulated({ 'libblas.so.3': null })
    const said = refusal(foreign, { platform: 'linux' })
    expect(said).toMatch(/libblas\.so\.3 can't be used: it is no BLAS that is known to be fast/)
    expect(findBlas(foreign, { named: 'libblas.so.3' }).maker.name).toBe('CBLAS')
  })

  test.each([
    ['darwin', /brew install openblas/],
    ['win32', /libopenblas\.dll/],
    ['freebsd', /install OpenBLAS/],
  ])('none is found on %s', (platform, way) => {
    expect(refusal(new Simulated({}), { platform })).toMatch(way)
  })
})

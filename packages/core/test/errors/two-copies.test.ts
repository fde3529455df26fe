import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

describe('two copies of core', () => {
  const folder = mkdtempSync(join(tmpdir(), 'two-cores-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('are refused in one process', () => {
    const source = fileURLToPath(new URL('../../src', import.meta.url))
    cpSync(source, join(folder, 'copy'), { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    const script = join(folder, 'both.ts')
    const first = pathToFileURL(join(source, 'index.ts')).href
    writeFileSync(script, `import '${first}'\nawait import('./copy/index.ts')\n`)
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script], {
      encoding: 'utf8',
      cwd: fileURLToPath(new URL('../../../dev', import.meta.url)),
    })
    expect(status).not.toBe(0)
    expect(stderr).toMatch(/GradtapeError: .*(second|two).*npm ls @gradtape\/core/)
  })
})

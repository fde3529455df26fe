import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const source = fileURLToPath(new URL('types/mistakes.ts', import.meta.url))
const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url))
const directive = /^\s*\/\/ @ts-expect-error (.*)$/

/** What tsc says of a file, as a message for each line that it complains of. */
function complaints(text: string): Map<number, string> {
  // A folder whose name has a dot in front is no part of any other check.
  const folder = mkdtempSync(join(dirname(source), '.mistakes-'))
  try {
    writeFileSync(join(folder, 'mistakes.ts'), text)
    const config = { extends: '../../tsconfig.json', include: ['mistakes.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const args = [tsc, '-p', folder, '--pretty', 'false']
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    const found = new Map<number, string>()
    let line = 0
    for (const said of stdout.split('\n')) {
      line = Number(/mistakes\.ts\((\d+),/.exec(said)?.[1] ?? line)
      found.set(line, `${found.get(line) ?? ''}${said}\n`)
    }
    return found
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('mistakes in shapes are errors at their lines, in the words that are promised', () => {
  const lines = readFileSync(source, 'utf8').split('\n')
  const promised = lines.flatMap((line, i) => {
    const words = directive.exec(line)?.[1]
    return words === undefined ? [] : [{ line: i + 2, words }]
  })
  const found = complaints(lines.map((line) => line.replace(directive, '//')).join('\n'))
  expect([...found.keys()].filter((line) => line > 0)).toEqual(promised.map(({ line }) => line))
  for (const { line, words } of promised) expect(found.get(line)).toContain(words)
})

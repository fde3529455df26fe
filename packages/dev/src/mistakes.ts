import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { tools } from './command.ts'

/** A line that must not compile, and words of the message that it must cause. */
export interface Promised {
  readonly line: number
  readonly words: string
}

const directive = /^\s*\/\/ @ts-expect-error (.*)$/

/**
 * The mistakes planted in a file, each on the line after a directive whose text is part of the
 * message, and what the compiler says of each line once the directives are gone.
 */
export function mistakesIn(source: string): { promised: Promised[]; found: Map<number, string> } {
  const lines = readFileSync(source, 'utf8').split('\n')
  const promised = lines.flatMap((line, i) => {
    const words = directive.exec(line)?.[1]
    return words === undefined ? [] : [{ line: i + 2, words }]
  })
  const bare = lines.map((line) => line.replace(directive, '//')).join('\n')
  return { promised, found: complaints(source, bare) }
}

function complaints(source: string, text: string): Map<number, string> {
  // A folder whose name has a dot in front is no part of any other check.
  const folder = mkdtempSync(join(dirname(source), '.mistakes-'))
  try {
    writeFileSync(join(folder, 'mistakes.ts'), text)
    const config = { extends: '../../tsconfig.json', include: ['mistakes.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const args = [tools.tsc, '-p', folder, '--pretty', 'false']
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    const found = new Map<number, string>()
    let line = 0
    for (const said of stdout.split('\n')) {
      line = Number(/mistakes\.ts\((\d+),/.exec(said)?.[1] ?? line)
      if (line > 0) found.set(line, `${found.get(line) ?? ''}${said}\n`)
    }
    return found
  } finally {
    rmSync(folder, { recursive: true })
  }
}

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { JSDOM } from 'jsdom'
import { vi } from 'vitest'

// Seconds on a machine of its own; on a busy one a test must not fail for that.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Outcome {
  readonly status: number | null
  readonly lines: readonly string[]
  readonly errors: string
}

/** Runs an example as `npm run example -- NAME ARGUMENTS` does, but for npm itself. */
export function attempt(name: string, ...args: string[]): Outcome {
  const node = ['--conditions=@gradtape/source', '--import', 'tsx']
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...node, 'packages/dev/src/example.ts', name, ...args],
    { cwd: root, encoding: 'utf8' },
  )
  return { status, lines: stdout.trimEnd().split('\n'), errors: stderr }
}

/** What an example prints, line by line. @throws when it ends in an error. */
export function run(name: string, ...args: string[]): readonly string[] {
  const { status, lines, errors } = attempt(name, ...args)
  if (status !== 0) throw new Error(`${name} ended with ${status}\n${errors}`)
  return lines
}

/** The numbers at the end of the lines that start so: `Cost after epoch 3: 0.66`, `accuracy: 82.0 %`. */
export function figures(lines: readonly string[], start: string): number[] {
  return lines
    .filter((line) => line.startsWith(start))
    .map((line) => Number(/: (\S+)( %)?$/.exec(line)?.[1]))
}

/** The SVG file whose path ends the line that starts so. */
export function picture(lines: readonly string[], start: string): Document {
  const path = lines
    .find((line) => line.startsWith(start))!
    .split(/\s+/)
    .at(-1)!
  // Read as XML, which is what an image viewer does.
  const svg = readFileSync(join(root, path), 'utf8')
  return new JSDOM(svg, { contentType: 'image/svg+xml' }).window.document
}

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { day, summary, type Run } from './markdown.ts'
import type { WorkloadResult } from './measure.ts'

const readme = fileURLToPath(new URL('../../../README.md', import.meta.url))

const begin = '<!-- Figures of `npm run bench`: begin -->'
const end = '<!-- Figures of `npm run bench`: end -->'

/** The peers that the README compares. */
const shown = ['by-hand', 'gradtape', 'native', 'tfjs-wasm', 'jax-jit', 'torch']

/** Puts the summary into the README, between its marks. */
export function writeReadme(run: Run, results: readonly WorkloadResult[]): void {
  const text = readFileSync(readme, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`README.md lacks the marks ${begin} and ${end}`)
  const intro =
    'Microseconds for a step (forward, backward, update), medians of one run on ' +
    `${day(run.date)}: ${run.machine}.`
  const peers = run.peers.filter(({ name }) => shown.includes(name))
  const body = `${begin}\n\n${intro}\n\n${summary({ ...run, peers }, results)}\n\n`
  writeFileSync(readme, text.slice(0, from) + body + text.slice(to))
}

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chart } from './chart.ts'
import { page, type Run } from './markdown.ts'
import type { WorkloadResult } from './measure.ts'

const major = process.versions.node.split('.')[0]

/** Of each major version of Node the last whole run is kept. */
export const defaultFolder: string = fileURLToPath(
  new URL(`../results/node-${major}`, import.meta.url),
)

/** Writes the page of a run, its chart, and all figures as data. */
export function save(folder: string, run: Run, results: readonly WorkloadResult[]): void {
  mkdirSync(folder, { recursive: true })
  const { machine, limits, date, versions } = run
  const titles = Object.fromEntries(run.peers.map(({ name, title }) => [name, title]))
  const data = { machine, limits, date, versions, peers: titles, results }
  writeFileSync(join(folder, 'results.md'), page(run, results))
  writeFileSync(join(folder, 'results.svg'), chart(results, run.peers))
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(data, null, 2)}\n`)
  console.log(`\nWritten to ${folder}`)
}

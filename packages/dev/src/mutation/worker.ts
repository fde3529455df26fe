// What a mutant runs, bundled with it: properties of the op table, until one fails. The last line of its
// output is a verdict.
import { Worker } from 'node:worker_threads'
import { opTableProperties, type OpProperty } from '@gradtape/testing'
import fc from 'fast-check'
import type { Verdict, Work } from './programs.ts'

declare global {
  /** Where probes leave a mark; only there in a program that is watched. */
  var __seen: Uint8Array | undefined
}

const { ops, runs, seconds } = JSON.parse(process.argv[2]!) as Work
// A loop without an end can only be ended from outside. What counts is the time that it computes, as the
// machine may be busy with other things.
const watch = `setInterval(() => {
  if (process.cpuUsage().user > ${seconds * 1e6}) process.kill(process.pid, 'SIGKILL')
}, 500)`
new Worker(watch, { eval: true }).unref()
fc.configureGlobal({ seed: 1, endOnFailure: true })
// What is passed while modules are loaded says nothing of an op.
globalThis.__seen?.fill(0)
const verdict: { -readonly [K in keyof Verdict]: Verdict[K] } = { failed: null }
for (const property of inOrder(opTableProperties())) {
  try {
    property.check({ numRuns: Math.min(runs, runsOf(property)) })
  } catch (error) {
    const { op, law } = property
    verdict.failed = { op, law, message: error instanceof Error ? error.message : String(error) }
    break
  }
}
const marks = globalThis.__seen
if (marks !== undefined) verdict.seen = [...marks.keys()].filter((id) => marks[id] !== 0)
console.log(`\n${JSON.stringify(verdict)}`)

/** Op by op. */
function inOrder(properties: readonly OpProperty[]): OpProperty[] {
  return ops.flatMap((name) => properties.filter(({ op }) => op === name))
}

/** As many as the tests run. */
function runsOf({ law }: OpProperty): number {
  if (law === 'third order') return 25
  return law.startsWith('dtypes') ? 60 : 200
}

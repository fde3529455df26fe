// What a mutant runs, bundled with it: properties of the op table, until one fails. The last line of its
// output is a verdict.
import { Worker } from 'node:worker_threads'
import { opTableProperties, type OpProperty } from '@gradtape/testing'
import fc from 'fast-check'
import type { Check, Verdict, Work } from './programs.ts'

declare global {
  /** Where probes leave a mark; only there in a program that is watched. */
  var __seen: Uint8Array | undefined
}

const { checks, runs, seconds } = JSON.parse(process.argv[2]!) as Work
// A loop without an end can only be ended from outside. What counts is the time that it computes, as the
// machine may be busy with other things.
const watch = `setInterval(() => {
  if (process.cpuUsage().user > ${seconds * 1e6}) process.kill(process.pid, 'SIGKILL')
}, 500)`
new Worker(watch, { eval: true }).unref()

fc.configureGlobal({ seed: 1, endOnFailure: true })
const marks = globalThis.__seen
const seen: [law: string, probes: number[]][] = []
console.log(`\n${JSON.stringify(verdict())}`)

function verdict(): Verdict {
  const properties = opTableProperties()
  for (const property of checks.flatMap((check) => properties.filter((p) => isMeant(p, check)))) {
    const { op, law } = property
    marks?.fill(0)
    try {
      property.check({ numRuns: Math.min(runs, runsOf(property)) })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return { failed: { op, law, message } }
    }
    if (marks) seen.push([law, [...marks.keys()].filter((id) => marks[id] !== 0)])
  }
  return marks ? { failed: null, seen } : { failed: null }
}

function isMeant({ op, law }: OpProperty, [name, laws]: Check): boolean {
  return op === name && (laws === null || laws.includes(law))
}

/** As many as the tests run. */
function runsOf({ law }: OpProperty): number {
  if (law === 'third order') return 25
  return law.startsWith('dtypes') ? 60 : 200
}

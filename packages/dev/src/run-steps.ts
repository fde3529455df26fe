import { failure, type Counts, type Outcome, type Step } from './step.ts'

/**
 * Runs the steps of these names, or all, one after the other and to the end. The last line that it
 * prints is the sum of their tests and checks.
 */
export async function runSteps(
  steps: readonly Step[],
  names: readonly string[] = [],
): Promise<void> {
  const sum = { passed: 0, failed: 0, skipped: 0 }
  const failed: string[] = []
  for (const step of choose(steps, names)) {
    // oxlint-disable-next-line no-await-in-loop
    const { ok, counts } = await runAndShow(step)
    const added: Counts = counts ?? { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }
    sum.passed += added.passed
    sum.failed += added.failed
    sum.skipped += added.skipped
    if (!ok) failed.push(step.name)
  }
  if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}`)
  const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''
  console.log(`\n${sum.passed} passed, ${sum.failed} failed${skipped}`)
  process.exitCode = failed.length > 0 ? 1 : 0
}

async function runAndShow(step: Step): Promise<Outcome> {
  const start = performance.now()
  const outcome = await step.run().catch((error: unknown) => failure(String(error)))
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6)
  const nothing = outcome.counts?.passed === 0
  const mark = !outcome.ok ? '✗' : nothing ? '-' : '✓'
  console.log(`${mark} ${step.name.padEnd(18)} ${seconds} s  ${outcome.note ?? ''}`.trimEnd())
  if (!outcome.ok && outcome.output) console.log(outcome.output.trim().replace(/^/gm, '    '))
  return outcome
}

function choose(steps: readonly Step[], names: readonly string[]): readonly Step[] {
  if (names.length === 0) return steps
  const unknown = names.filter((name) => !steps.some((step) => step.name === name))
  if (unknown.length === 0) return steps.filter(({ name }) => names.includes(name))
  const known = steps.map(({ name }) => name).join(', ')
  console.error(`No check is called ${unknown.join(' or ')}. There are: ${known}.`)
  process.exit(1)
}

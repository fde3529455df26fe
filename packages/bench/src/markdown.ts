import type { CaseResult, Outcome, WorkloadResult } from './measure.ts'
import type { Peer } from './peers.ts'
import { figure, table } from './table.ts'

export interface Run {
  readonly machine: string
  readonly limits: string
  readonly date: Date
  readonly versions: Readonly<Record<string, string>>
  readonly peers: readonly Peer[]
}

/** All results as a page. */
export function page(run: Run, results: readonly WorkloadResult[]): string {
  const sections = results.map((result) => section(result, run.peers))
  return (
    [
      '# Measured',
      `Written by \`npm run bench\` on ${day(run.date)}. ${run.machine}.`,
      run.limits,
      'Microseconds, medians of rounds in which the peers took turns, after their outputs had been ' +
        'compared. Memory is the peak of the resident size above that after loading.',
      versionList(run),
      summary(run, results),
      ...sections,
    ].join('\n\n') + '\n'
  )
}

/** The whole steps of training at a glance: a line for each workload, microseconds for each peer. */
export function summary({ peers }: Run, results: readonly WorkloadResult[]): string {
  const steps = results.filter(({ cases }) => cases.length === 1)
  const lines = steps.map(({ title, cases: [{ outcomes }] }) => [
    title,
    ...peers.map(({ name }) => {
      const outcome = outcomes[name]
      if (outcome === undefined) return '–'
      return 'cannot' in outcome ? 'cannot' : figure(outcome.median)
    }),
  ])
  return table([['µs', ...peers.map(({ title }) => title)], ...lines])
}

export function day(date: Date): string {
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
}

export function versionList({ peers, versions }: Run): string {
  const lines = peers.filter(({ name }) => name in versions)
  return lines.map(({ name, title }) => `- ${title}: ${versions[name]}`).join('\n')
}

/** The heading of a workload and its table: a line for each peer, or for each case if there are several. */
export function section(result: WorkloadResult, peers: readonly Peer[]): string {
  const { cases, title } = result
  const there = peers.filter(({ name }) => name in cases[0].outcomes)
  const body = cases.length === 1 ? byPeer(result, there) : byCase(cases, there)
  return `## ${title}\n\n${body}`
}

function byPeer({ cases: [{ outcomes }], memory }: WorkloadResult, peers: readonly Peer[]): string {
  const ours = outcomes.gradtape
  const lines = peers.map(({ name, title }) => {
    const outcome = outcomes[name]
    if ('cannot' in outcome) return [title, 'cannot', '', '', '']
    const quartiles = `${figure(outcome.lower)} – ${figure(outcome.upper)}`
    const peak = name in memory ? `${Math.round(memory[name] / 2 ** 20)} MB` : ''
    return [title, figure(outcome.median), quartiles, ratio(ours, outcome), peak]
  })
  const heading = ['', 'µs', 'quartiles', 'gradtape takes', 'memory']
  return table([heading, ...lines]) + reasons([{ label: '', outcomes }], peers)
}

/** The ratios that are looked at first. */
const ratios = [
  ['gradtape', 'torch'],
  ['native', 'torch'],
  ['gradtape', 'tfjs-wasm'],
  ['gradtape', 'jax-jit'],
  ['gradtape-2', 'jax-jit'],
  ['native-2', 'torch-2'],
  ['native', 'blas'],
] as const

function byCase(cases: readonly CaseResult[], peers: readonly Peer[]): string {
  const shown = ratios.filter((pair) => pair.every((of) => peers.some(({ name }) => name === of)))
  const lines = cases.map(({ label, outcomes }) => [
    label,
    ...peers.map(({ name }) => {
      const outcome = outcomes[name]
      return 'cannot' in outcome ? 'cannot' : figure(outcome.median)
    }),
    ...shown.map(([ours, theirs]) => ratio(outcomes[ours], outcomes[theirs])),
  ])
  const heading = [
    'µs',
    ...peers.map(({ title }) => title),
    ...shown.map((pair) => pair.join(' ÷ ')),
  ]
  return table([heading, ...lines]) + reasons(cases, peers)
}

/** Why peers cannot: each reason once. */
function reasons(
  cases: readonly Pick<CaseResult, 'label' | 'outcomes'>[],
  peers: readonly Peer[],
): string {
  const lines = new Set<string>()
  for (const { name, title } of peers) {
    for (const { label, outcomes } of cases) {
      const outcome = outcomes[name]
      if (!('cannot' in outcome)) continue
      const everywhere = cases.every((one) => 'cannot' in one.outcomes[name])
      lines.add(`- ${title}${everywhere ? '' : `, ${label}`}: ${outcome.cannot}`)
    }
  }
  return lines.size > 0 ? `\n\n${[...lines].join('\n')}` : ''
}

function ratio(ours: Outcome | undefined, theirs: Outcome): string {
  if (ours === undefined || 'cannot' in ours || 'cannot' in theirs) return ''
  return ours === theirs ? '' : figure(ours.median / theirs.median)
}

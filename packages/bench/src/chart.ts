import type { CaseResult, WorkloadResult } from './measure.ts'
import type { Peer } from './peers.ts'
import { figure } from './table.ts'

const WIDTH = 760
const ROW = 18
/** Room for the names of peers. */
const LEFT = 190
/** Room for figures behind the last point. */
const RIGHT = 95

/** One hue for each family of peers. */
const colours: Record<string, string> = {
  'by-hand': '#8a8a8a',
  blas: '#8a8a8a',
  gradtape: '#c2410c',
  'gradtape-2': '#ea7a3c',
  native: '#be185d',
  'native-2': '#ec7fb0',
  'tfjs-cpu': '#b59b00',
  'tfjs-wasm': '#d9c24a',
  jax: '#15803d',
  'jax-jit': '#6bbf88',
  torch: '#1d4ed8',
  'torch-2': '#7da2f0',
}

/** All workloads below each other: points for one case, lines for growth; times are logarithmic. */
export function chart(results: readonly WorkloadResult[], peers: readonly Peer[]): string {
  const panels: string[] = []
  let y = 10
  for (const result of results) {
    const drawn = panelsOf(result, peers)
    for (const { title, body, height } of drawn) {
      const heading = text(10, 14, title, 'font-weight="600"')
      panels.push(`<g transform="translate(0 ${y})">${heading}${body}</g>`)
      y += height
    }
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" ` +
    `font-family="system-ui, sans-serif" font-size="12">\n` +
    `<rect width="100%" height="100%" fill="#fff"/>\n${panels.join('\n')}\n</svg>\n`
  )
}

interface Panel {
  readonly title: string
  readonly body: string
  readonly height: number
}

function panelsOf({ title, cases }: WorkloadResult, peers: readonly Peer[]): Panel[] {
  if (cases.length === 1) return [dots(title, cases[0], peers)]
  const names = [...new Set(cases.map(({ line }) => line))]
  return names.map((name) => {
    const of = cases.filter(({ line }) => line === name)
    return lines(names.length === 1 ? title : `${title}: ${name}`, of, peers)
  })
}

/** Maps times to places between two ends, by their logarithms. */
function scale(values: readonly number[], from: number, to: number): (value: number) => number {
  const [low, high] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))]
  return (value) => from + ((Math.log(value) - low) / (high - low || 1)) * (to - from)
}

function medianOf({ outcomes }: CaseResult, { name }: Peer): number | null {
  const outcome = outcomes[name]
  return outcome === undefined || 'cannot' in outcome ? null : outcome.median
}

/** A point for each median and a line from quartile to quartile: bars would need a zero. */
function dots(title: string, result: CaseResult, peers: readonly Peer[]): Panel {
  const there = peers.filter(({ name }) => name in result.outcomes)
  const timings = Object.values(result.outcomes).filter((outcome) => 'median' in outcome)
  const ends = timings.flatMap(({ lower, upper }) => [lower, upper])
  const place = scale(ends, LEFT + 10, WIDTH - RIGHT)
  const drawn = there.map((peer, i) => {
    const y = 33 + i * ROW
    const outcome = result.outcomes[peer.name]
    const name = text(LEFT - 8, y + 4, peer.title, 'text-anchor="end"')
    if ('cannot' in outcome) return name + text(LEFT + 4, y + 4, 'cannot', 'fill="#777"')
    const [from, at, to] = [outcome.lower, outcome.median, outcome.upper].map(place).map(round)
    const colour = colours[peer.name]
    const line = `<path d="M${from} ${y}H${to}" stroke="${colour}" stroke-width="3"/>`
    const dot = `<circle cx="${at}" cy="${y}" r="5" fill="${colour}"/>`
    return name + line + dot + text(Math.max(to, at + 5) + 6, y + 4, `${figure(outcome.median)} µs`)
  })
  return { title, body: drawn.join(''), height: 40 + there.length * ROW }
}

function lines(title: string, cases: readonly CaseResult[], peers: readonly Peer[]): Panel {
  const height = 190
  const medians = cases.flatMap((one) => peers.map((peer) => medianOf(one, peer) ?? []).flat())
  const across = scale(
    cases.map(({ at }) => at!),
    90,
    WIDTH - LEFT,
  )
  const up = scale(medians, height - 20, 24)
  const ticks = cases.map(({ at }) =>
    text(across(at!), height, at!.toLocaleString('en'), 'text-anchor="middle" fill="#777"'),
  )
  const ends = [Math.min(...medians), Math.max(...medians)].map((value) =>
    text(80, up(value) + 4, `${figure(value)} µs`, 'text-anchor="end" fill="#777"'),
  )
  const drawn = peers.flatMap((peer) => {
    const points = cases.flatMap((one) => {
      const median = medianOf(one, peer)
      return median === null ? [] : [[across(one.at!), up(median)] as const]
    })
    if (points.length === 0) return []
    const path = points.map((point) => point.map(round).join(',')).join(' ')
    return { peer, path, end: points.at(-1)![1] }
  })
  // Names stand beside the ends of their lines, pushed apart where they would meet.
  let free = 0
  const named = drawn
    .sort((a, b) => a.end - b.end)
    .map(({ peer, path, end }) => {
      free = Math.max(end, free + 13)
      const colour = colours[peer.name]
      const line = `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`
      return line + text(WIDTH - LEFT + 8, free + 4, peer.title, `fill="${colour}"`)
    })
  return {
    title,
    body: [...ticks, ...ends, ...named].join(''),
    height: Math.max(height, free) + 30,
  }
}

function text(x: number, y: number, content: string, attributes = ''): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped}</text>`
}

function round(x: number): number {
  return Math.round(x * 10) / 10
}

import type { Timing } from './rounds.ts'

/** One table: what a step takes, and how many of each contender's steps fit into one of `ours`. */
export function report(title: string, timings: readonly Timing[], ours: Timing): void {
  console.log(`\n${title}`)
  console.log(line('', 'µs, median', 'quartiles', 'gradtape takes'))
  for (const { name, median, quartiles } of timings) {
    const spread = quartiles.map(figure).join(' – ')
    const ratio = `${figure(ours.median / median)} times`
    console.log(line(name, figure(median), spread, median === ours.median ? '' : ratio))
  }
}

function line(name: string, median: string, quartiles: string, ratio: string): string {
  return `  ${name.padEnd(32)}${median.padStart(11)}${quartiles.padStart(20)}${ratio.padStart(18)}`.trimEnd()
}

/** Three digits are as many as repeat. */
export function figure(x: number): string {
  return x >= 100 ? String(Math.round(x)) : x.toPrecision(3)
}

import { dot, gridY, line, text } from '@observablehq/plot'
import { savePlot } from './save-plot.ts'

/** Hares and lynxes at evenly spaced times, the first and the last of `years` among them. */
type Populations = readonly (readonly [hares: number, lynxes: number])[]

export interface Fit {
  readonly counted: Populations
  readonly guess: Populations
  readonly fit: Populations
  readonly years: number
}

const SPECIES = [
  { name: 'hares', colour: '#b45309' },
  { name: 'lynxes', colour: '#1d4ed8' },
] as const

/** What was counted, where the fit arrived, and where it came from. */
export async function saveFit(path: string, { counted, guess, fit, years }: Fit): Promise<void> {
  const axis = { labelAnchor: 'center', labelArrow: 'none' } as const
  const points = (populations: Populations, species: number) =>
    populations.map((each, i) => [(years * i) / (populations.length - 1), each[species]])
  await savePlot(path, {
    title: 'Hares and lynxes: the counts, the fit, and the guess that it came from (dashed)',
    width: 900,
    height: 500,
    marginLeft: 72,
    marginRight: 76,
    marginBottom: 52,
    x: { ...axis, label: 'year', labelOffset: 40, domain: [0, years] },
    y: { ...axis, label: 'thousands', labelOffset: 52, nice: true, zero: true },
    marks: [
      gridY({ stroke: '#ddd', strokeOpacity: 1 }),
      ...SPECIES.flatMap(({ name, colour }, species) => [
        line(points(guess, species), {
          curve: 'natural',
          stroke: colour,
          strokeWidth: 1.2,
          strokeDasharray: '5 4',
          strokeOpacity: 0.6,
        }),
        line(points(fit, species), { curve: 'natural', stroke: colour, strokeWidth: 2.2 }),
        dot(points(counted, species), { fill: colour, fillOpacity: 0.75, r: 3.2 }),
        text(points(fit, species).slice(-1), {
          text: [name],
          fill: colour,
          textAnchor: 'start',
          dx: 10,
        }),
      ]),
    ],
  })
}

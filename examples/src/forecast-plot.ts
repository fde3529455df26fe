import { gridY, line, ruleX, text } from '@observablehq/plot'
import { savePlot } from './save-plot.ts'

const axis = { labelAnchor: 'center', labelArrow: 'none' } as const
const TRUTH = '#a1a1aa'

export interface Forecast {
  readonly name: string
  readonly colour: string
  readonly values: readonly number[]
}

/** One stretch of a series: what was known of it, what came, and what was foretold. */
export interface Stretch {
  readonly past: readonly number[]
  readonly future: readonly number[]
  readonly forecasts: readonly Forecast[]
}

/** Stretches below each other; `step` is the time between two values. */
export async function saveForecasts(
  path: string,
  { title, step, stretches }: { title: string; step: number; stretches: readonly Stretch[] },
): Promise<void> {
  // Each curve begins at the last value that was known.
  const points = (values: readonly number[], first: number, fy: number) =>
    values.map((value, i) => ({ time: (first + i) * step, value, fy }))
  const truth = stretches.flatMap(({ past, future }, fy) =>
    points([...past, ...future], 1 - past.length, fy),
  )
  const forecasts = stretches.flatMap(({ past, forecasts: all }, fy) =>
    all.flatMap(({ name, colour, values }) =>
      points([past.at(-1)!, ...values], 0, fy).map((point) => ({ ...point, name, colour })),
    ),
  )
  const labels = stretches[0].forecasts.map(({ name, colour }, i) => ({ name, colour, i }))
  await savePlot(path, {
    title,
    width: 900,
    height: 90 + 170 * stretches.length,
    marginLeft: 72,
    marginRight: 24,
    marginTop: 44,
    marginBottom: 52,
    x: { ...axis, label: 'days', labelOffset: 40 },
    y: { ...axis, label: 'deviations from the mean', labelOffset: 52, nice: true },
    fy: { axis: null },
    marks: [
      gridY({ stroke: '#ddd', strokeOpacity: 1 }),
      ruleX([0], { stroke: '#71717a', strokeDasharray: '2 3' }),
      line(truth, { x: 'time', y: 'value', fy: 'fy', stroke: TRUTH, strokeWidth: 4 }),
      line(forecasts, {
        x: 'time',
        y: 'value',
        fy: 'fy',
        z: 'name',
        stroke: 'colour',
        strokeWidth: 2,
      }),
      ...[{ name: 'truth', colour: TRUTH, i: -1 }, ...labels].map(({ name, colour, i }) =>
        text([name], {
          frameAnchor: 'top-left',
          fy: () => 0,
          text: [name],
          fill: colour,
          fontWeight: 'bold',
          dx: 10 + (i + 1) * 130,
          dy: -26,
        }),
      ),
    ],
  })
}

/** How the error of each method grows with the time that it looks ahead. */
export async function saveErrors(
  path: string,
  { title, step, errors }: { title: string; step: number; errors: readonly Forecast[] },
): Promise<void> {
  const points = errors.flatMap(({ name, colour, values }) =>
    values.map((value, i) => ({ name, colour, time: (i + 1) * step, value })),
  )
  const last = errors[0].values.length * step
  await savePlot(path, {
    title,
    width: 760,
    height: 440,
    marginLeft: 72,
    marginRight: 120,
    marginBottom: 52,
    x: { ...axis, label: 'days ahead', labelOffset: 40 },
    y: { ...axis, label: 'error, in standard deviations', labelOffset: 52, zero: true, nice: true },
    marks: [
      gridY({ stroke: '#ddd', strokeOpacity: 1 }),
      line(points, { x: 'time', y: 'value', z: 'name', stroke: 'colour', strokeWidth: 2.5 }),
      text(
        points.filter(({ time }) => time === last),
        { x: 'time', y: 'value', text: 'name', fill: 'colour', textAnchor: 'start', dx: 8 },
      ),
    ],
  })
}

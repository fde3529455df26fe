import { contour, dot, line, text } from '@observablehq/plot'
import { savePlot } from './save-plot.ts'

type Point = readonly [x: number, y: number]

export interface Paths {
  /** The function whose lowest point is looked for. */
  readonly height: (x: number, y: number) => number
  readonly newton: readonly Point[]
  readonly descent: readonly Point[]
}

const NEWTON = '#b91c1c'
const DESCENT = '#1d4ed8'

/** The paths of both methods, over the contour lines of the function. */
export async function savePaths(path: string, { height, newton, descent }: Paths): Promise<void> {
  const frame = { x1: -1.7, x2: 1.7, y1: -3.5, y2: 2 }
  const axis = { labelAnchor: 'center', labelArrow: 'none' } as const
  // The last steps are too small to be told apart.
  const leaps = newton.slice(1, 4).map(([x, y], i) => ({ x, y, step: i + 1 }))
  await savePlot(path, {
    title: "Two ways to the lowest point of Rosenbrock's valley",
    width: 760,
    height: 720,
    marginLeft: 72,
    marginRight: 24,
    marginBottom: 56,
    x: { ...axis, label: 'x', labelOffset: 44, domain: [frame.x1, frame.x2] },
    y: { ...axis, label: 'y', labelOffset: 56, domain: [frame.y1, frame.y2] },
    color: { type: 'linear', range: ['#ffffff', '#aab5bf'] },
    marks: [
      contour({
        ...frame,
        // Evenly spaced heights would all lie on the steep sides.
        fill: (x: number, y: number) => Math.log10(height(x, y) + 0.01),
        interval: 0.5,
        stroke: 'white',
        strokeWidth: 0.7,
      }),
      line(apart(descent, 0.01), { stroke: DESCENT, strokeWidth: 3 }),
      line(newton, { stroke: NEWTON, strokeWidth: 2 }),
      dot(newton, { fill: NEWTON, r: 4 }),
      text(leaps, { x: 'x', y: 'y', text: 'step', fill: NEWTON, textAnchor: 'start', dx: 10 }),
      text([newton[0]], { text: ['start'], textAnchor: 'end', dx: -10 }),
      text([newton.at(-1)!], { text: ['goal'], textAnchor: 'start', dx: 10 }),
      text([[-0.2, -1.6]], {
        text: [`Newton: ${newton.length - 1} steps`],
        fill: NEWTON,
        textAnchor: 'end',
        fontSize: 15,
      }),
      text([[0, 0.72]], {
        text: [`gradient descent: ${(descent.length - 1).toLocaleString('en')} steps`],
        fill: DESCENT,
        fontSize: 15,
      }),
    ],
  })
}

/** The points of a path without those that are nearer to the one before than `least`. */
function apart(points: readonly Point[], least: number): Point[] {
  const kept: Point[] = []
  for (const point of points) {
    const last = kept.at(-1)
    if (last === undefined || Math.hypot(point[0] - last[0], point[1] - last[1]) >= least) {
      kept.push(point)
    }
  }
  return kept
}

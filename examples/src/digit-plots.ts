import { axisY, cell, gridY, lineY, text } from '@observablehq/plot'
import { savePlot } from './save-plot.ts'

export interface EpochLosses {
  readonly train: readonly number[]
  readonly heldOut: readonly number[]
}

/** Round numbers on a logarithmic axis; those among the losses are labelled. */
const TICKS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]

/** Cross-entropy by epoch, on the digits trained on and on those held out. */
export async function saveLossCurve(path: string, { train, heldOut }: EpochLosses): Promise<void> {
  const points = (name: string, losses: readonly number[]) =>
    losses.map((loss, i) => ({ name, epoch: i + 1, loss }))
  const all = [...points('held out', heldOut), ...points('training', train)]
  const [least, most] = [Math.min(...train, ...heldOut), Math.max(...train, ...heldOut)]
  const ticks = TICKS.filter((tick) => tick >= least && tick <= most)
  await savePlot(path, {
    title: 'Learning to read handwritten digits',
    width: 760,
    height: 480,
    marginLeft: 72,
    marginRight: 84,
    marginBottom: 52,
    x: {
      label: 'epoch',
      labelAnchor: 'center',
      labelOffset: 40,
      labelArrow: 'none',
      ticks: 8,
      tickFormat: 'd',
    },
    y: { type: 'log' },
    color: { range: ['#c2410c', '#1d4ed8'] },
    marks: [
      gridY(ticks, { stroke: '#ddd', strokeOpacity: 1 }),
      axisY(ticks, {
        label: 'mean cross-entropy (log scale)',
        labelAnchor: 'center',
        labelArrow: 'none',
        tickFormat: String,
        // However many ticks there are, each is labelled.
        ticks: Infinity,
        labelOffset: 56,
      }),
      lineY(all, { x: 'epoch', y: 'loss', stroke: 'name', strokeWidth: 2.5 }),
      text(
        all.filter(({ epoch }) => epoch === train.length),
        { x: 'epoch', y: 'loss', text: 'name', fill: 'name', textAnchor: 'start', dx: 8 },
      ),
    ],
  })
}

export interface Digit {
  /** 64 pixels, row by row, from 0 to 1. */
  readonly pixels: readonly number[]
  readonly caption: string
}

const PER_ROW = 6
/** Sizes in the picture: of a digit, and of the gaps beside it and above it, where its caption is. */
const SIDE = 112
const GAP = 20
const CAPTION = 38

/** Pictures of digits, each with its caption above it. */
export async function saveDigits(
  path: string,
  title: string,
  digits: readonly Digit[],
): Promise<void> {
  const rows = Math.max(1, Math.ceil(digits.length / PER_ROW))
  const place = (i: number) => ({ fx: i % PER_ROW, fy: Math.floor(i / PER_ROW) })
  const pixels = digits.flatMap(({ pixels: inks }, i) =>
    inks.map((ink, k) => ({ ...place(i), column: k % 8, row: Math.floor(k / 8), ink })),
  )
  const captions = digits.map(({ caption }, i) => ({ ...place(i), caption }))
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => i)
  const facets = (n: number, gap: number) => ({
    axis: null,
    domain: upTo(n),
    // A single band would be shrunk by a gap that is not there.
    paddingInner: n === 1 ? 0 : gap / (SIDE + gap),
    paddingOuter: 0,
    round: false,
  })
  await savePlot(path, {
    title,
    width: PER_ROW * (SIDE + GAP) + GAP,
    height: 44 + rows * (SIDE + CAPTION) + GAP,
    marginLeft: GAP,
    marginRight: GAP,
    marginTop: CAPTION,
    marginBottom: GAP,
    padding: 0,
    x: { axis: null, domain: upTo(8) },
    y: { axis: null, domain: upTo(8) },
    fx: facets(PER_ROW, GAP),
    fy: facets(rows, CAPTION),
    color: { type: 'linear', range: ['#f4f4f5', '#18181b'], domain: [0, 1] },
    marks: [
      cell(pixels, {
        fx: 'fx',
        fy: 'fy',
        x: 'column',
        y: 'row',
        fill: 'ink',
        shapeRendering: 'crispEdges',
      }),
      text(captions, {
        fx: 'fx',
        fy: 'fy',
        text: 'caption',
        frameAnchor: 'top',
        lineAnchor: 'bottom',
        dy: -6,
      }),
    ],
  })
}

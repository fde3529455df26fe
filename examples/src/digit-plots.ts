import { axisY, cell, gridY, lineY, text } from '@observablehq/plot'
import { savePlot } from './save-plot.ts'

export interface EpochLosses {
  readonly train: readonly number[]
  readonly heldOut: readonly number[]
}

/** Cross-entropy by epoch, on the digits trained on and on those held out. */
export async function saveLossCurve(path: string, { train, heldOut }: EpochLosses): Promise<void> {
  const points = (name: string, losses: readonly number[]) =>
    losses.map((loss, i) => ({ name, epoch: i + 1, loss }))
  const all = [...points('held out', heldOut), ...points('training', train)]
  await savePlot(path, {
    title: 'Cross-entropy while learning to read digits',
    width: 760,
    height: 460,
    marginLeft: 64,
    marginRight: 80,
    marginBottom: 48,
    x: { label: 'epoch', labelAnchor: 'center', labelArrow: 'none', ticks: 8, tickFormat: 'd' },
    y: { type: 'log', label: 'mean cross-entropy (log scale)', labelArrow: 'none' },
    color: { range: ['#c2410c', '#1d4ed8'] },
    marks: [
      gridY({ stroke: '#ddd', strokeOpacity: 1, ticks: 5 }),
      axisY({ ticks: 5, tickFormat: '~g' }),
      lineY(all, { x: 'epoch', y: 'loss', stroke: 'name', strokeWidth: 2.5 }),
      text(
        all.filter(({ epoch }) => epoch === train.length),
        { x: 'epoch', y: 'loss', text: 'name', fill: 'name', textAnchor: 'start', dx: 8 },
      ),
    ],
  })
}

export interface Misread {
  /** 64 pixels, row by row, from 0 to 1. */
  readonly pixels: readonly number[]
  readonly digit: number
  readonly readAs: number
}

const PER_ROW = 6

/** The digits that were taken for others, each with what it is and what it was taken for. */
export async function saveMisread(path: string, misread: readonly Misread[]): Promise<void> {
  const rows = Math.max(1, Math.ceil(misread.length / PER_ROW))
  const place = (i: number) => ({ fx: i % PER_ROW, fy: Math.floor(i / PER_ROW) })
  const pixels = misread.flatMap(({ pixels: values }, i) =>
    values.map((ink, k) => ({ ...place(i), column: k % 8, row: Math.floor(k / 8), ink })),
  )
  const captions = misread.map(({ digit, readAs }, i) => ({
    ...place(i),
    caption: `a ${digit}, read as ${readAs}`,
  }))
  await savePlot(path, {
    title:
      misread.length === 0 ? 'Every digit was read right' : `The ${misread.length} misread digits`,
    width: 24 + PER_ROW * 130,
    height: 84 + rows * 150,
    marginLeft: 16,
    marginRight: 8,
    marginTop: 40,
    marginBottom: 8,
    padding: 0,
    x: { axis: null, domain: [0, 1, 2, 3, 4, 5, 6, 7] },
    y: { axis: null, domain: [0, 1, 2, 3, 4, 5, 6, 7] },
    fx: { axis: null, domain: Array.from({ length: PER_ROW }, (_, i) => i), padding: 0.1 },
    fy: { axis: null, padding: 0.2 },
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

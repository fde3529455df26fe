import { rect, text } from '@observablehq/plot'
import { savePlot } from './save-plot.ts'

type Image = readonly (readonly number[])[]

export interface Filter {
  readonly weights: Image
  /** How well it fits at each place, at least 0. */
  readonly fit: Image
}

/** Filters in a row, and sizes in the picture: of its margin, and of what it shows. */
const PER_ROW = 8
const MARGIN = 20
const WEIGHTS = 42
const FIT = 84
const BESIDE = 6
const GAP = 20
const DIGIT = 84

const INK = '#18181b'
const FOR = '#1d4ed8'
const AGAINST = '#c2410c'

/** Each filter with the places where it fits beside it; above them the digit. */
export async function saveFilters(
  path: string,
  title: string,
  digit: Image,
  filters: readonly Filter[],
): Promise<void> {
  const [across, down] = [WEIGHTS + BESIDE + FIT + GAP, FIT + GAP]
  const width = PER_ROW * across - GAP
  const height = DIGIT + Math.ceil(filters.length / PER_ROW) * down
  const corners = filters.map((filter, i) => ({
    ...filter,
    left: (i % PER_ROW) * across,
    top: DIGIT + GAP + Math.floor(i / PER_ROW) * down,
  }))
  const weights = corners.flatMap(({ weights: image, left, top }) =>
    pixels(image, left, top, WEIGHTS),
  )
  const fits = corners.flatMap(({ fit, left, top }) =>
    pixels(fit, left + WEIGHTS + BESIDE, top, FIT),
  )
  const shaded = (fill: string, data: readonly Pixel[]) =>
    rect(data, {
      x1: 'x1',
      x2: 'x2',
      y1: 'y1',
      y2: 'y2',
      fill,
      fillOpacity: 'shade',
      shapeRendering: 'crispEdges',
    })
  const note = (words: string, fill: string, line: number) =>
    text([words], {
      x: DIGIT + GAP,
      y: (DIGIT * line) / 4,
      text: [words],
      fill,
      textAnchor: 'start',
      fontSize: 14,
    })
  await savePlot(path, {
    title,
    width: width + 2 * MARGIN,
    height: height + 44 + 2 * MARGIN,
    margin: MARGIN,
    x: { axis: null, domain: [0, width] },
    y: { axis: null, domain: [height, 0] },
    opacity: { type: 'identity' },
    marks: [
      shaded(INK, pixels(digit, 0, 0, DIGIT)),
      shaded(INK, fits),
      shaded(
        FOR,
        weights.filter(({ value }) => value >= 0),
      ),
      shaded(
        AGAINST,
        weights.filter(({ value }) => value < 0),
      ),
      note('blue: ink here speaks for a fit', FOR, 1),
      note('orange: ink here speaks against it', AGAINST, 2),
      note('beside each filter: where it fits, the darker the better', INK, 3),
    ],
  })
}

interface Pixel {
  readonly x1: number
  readonly x2: number
  readonly y1: number
  readonly y2: number
  readonly value: number
  /** The magnitude, by the largest of the image: from a little above 0, so that 0 is seen, to 1. */
  readonly shade: number
}

/** The pixels of an image in a square of `side` whose corner is at (left, top). */
function pixels(image: Image, left: number, top: number, side: number): Pixel[] {
  const most = Math.max(...image.flat().map(Math.abs)) || 1
  const size = side / image.length
  return image.flatMap((values, row) =>
    values.map((value, column) => {
      const [x1, y1] = [left + column * size, top + row * size]
      const shade = 0.05 + (0.95 * Math.abs(value)) / most
      return { x1, x2: x1 + size, y1, y2: y1 + size, value, shade }
    }),
  )
}

import type { Grid } from '../backend.ts'

/**
 * How planes that a grid's windows see lie in the kernels' memory, padded. Where windows are `down` and
 * `right` apart, a plane falls into as many phases each way, which lie one after the other, so that from
 * one window to the next is always one element, and `pitch` elements to the one below. All in elements.
 */
export interface Frame {
  /** How many windows there are, downwards and in a row. */
  readonly high: number
  readonly wide: number
  readonly pitch: number
  /** The size of a plane in the frame, and of one of x. */
  readonly plane: number
  readonly whole: number
  /** How far each element of the kernel is from its window's first. */
  readonly offsets: readonly number[]
  /** Everything of x that windows see, as pieces. */
  readonly pieces: readonly Piece[]
}

/** Rows of one phase: where they begin, in x and in the frame, and how far it is from one to the next. */
interface Piece {
  readonly from: number
  readonly to: number
  readonly rows: number
  readonly fromRow: number
  readonly elements: number
  readonly step: number
}

export function frameOf(grid: Grid): Frame {
  const [height, width, kernelHeight, kernelWidth, high, wide, ...rest] = sizesOf(grid)
  const [down, right, top, left, gapDown, gapRight] = rest
  const [reachDown, reachRight] = [(kernelHeight - 1) * gapDown, (kernelWidth - 1) * gapRight]
  const rows = high + Math.floor(reachDown / down)
  const pitch = wide + Math.floor(reachRight / right)
  // Phases that no window sees are left out.
  const [phasesDown, phasesRight] = [Math.min(down, reachDown + 1), Math.min(right, reachRight + 1)]
  const phase = rows * pitch
  const offsets: number[] = []
  for (let y = 0; y <= reachDown; y += gapDown) {
    for (let x = 0; x <= reachRight; x += gapRight) {
      const own = (y % down) * phasesRight + (x % right)
      offsets.push(own * phase + Math.floor(y / down) * pitch + Math.floor(x / right))
    }
  }
  const pieces: Piece[] = []
  for (let a = 0; a < phasesDown; a++) {
    for (let b = 0; b < phasesRight; b++) {
      const [y, row, count] = inside(height, rows, down, a - top)
      const [x, column, elements] = inside(width, pitch, right, b - left)
      if (count < 1 || elements < 1) continue
      const to = (a * phasesRight + b) * phase + row * pitch + column
      const fromRow = down * width
      pieces.push({ from: y * width + x, to, rows: count, fromRow, elements, step: right })
    }
  }
  const plane = phasesDown * phasesRight * phase
  return { high, wide, pitch, plane, whole: height * width, offsets, pieces }
}

type Six = [number, number, number, number, number, number]
type Numbers = [...Six, ...Six]

/** Of `n` places, `step` apart from `first` on: where the first is that lies in a dim, its number, and how many do. */
function inside(size: number, n: number, step: number, first: number): [number, number, number] {
  const skipped = Math.max(0, Math.ceil(-first / step))
  return [first + skipped * step, skipped, Math.min(n, Math.ceil((size - first) / step)) - skipped]
}

/** The numbers of a grid of one or two dims as of two. */
export function sizesOf({ input, kernel, output, stride, padding, dilation }: Grid): Numbers {
  const flat = input.length === 1
  return [
    ...[input, kernel, output].flatMap((sizes) => (flat ? [1, ...sizes] : sizes)),
    ...(flat ? [1, ...stride] : stride),
    ...(flat ? [0, ...padding] : padding),
    ...(flat ? [1, ...dilation] : dilation),
  ] as unknown as Numbers
}

import type { Tensor } from '@gradtape/core'

/**
 * A matrix as NumPy prints it by default: up to 8 digits after the point, trailing zeros left out,
 * the points of all entries below one another. For entries that NumPy would not write with an
 * exponent: below 1e8, and none below 1e-4 but 0.
 */
export function numpyPrint(matrix: Tensor): string {
  const rows = matrix.toArray() as number[][]
  const cells = rows.map((row) => row.map((x) => x.toFixed(8).replace(/0+$/, '').split('.')))
  const widest = (part: 0 | 1) => Math.max(...cells.flat().map((cell) => cell[part].length))
  const [left, right] = [widest(0), widest(1)]
  const lines = cells.map((row) =>
    row.map(([whole, rest]) => `${whole.padStart(left)}.${rest.padEnd(right)}`).join(' '),
  )
  return `[${lines.map((line) => `[${line}]`).join('\n ')}]`
}

/** A number as Python prints it: whole ones keep their `.0`. */
export function pythonPrint(x: number): string {
  return Number.isInteger(x) ? x.toFixed(1) : String(x)
}

/** Rows of text as lines, each column as wide as its widest cell; those of figures to the right. */
export function aligned(
  rows: readonly (readonly string[])[],
  isFigure: (column: number) => boolean = () => false,
): string[] {
  const widths = rows[0]!.map((_, k) => Math.max(...rows.map((row) => row[k]!.length)))
  return rows.map((row) =>
    row
      .map((cell, k) => (isFigure(k) ? cell.padStart(widths[k]!) : cell.padEnd(widths[k]!)))
      .join('  ')
      .trimEnd(),
  )
}

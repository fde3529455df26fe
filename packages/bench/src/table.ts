/** Three digits are as many as repeat. */
export function figure(x: number): string {
  return x >= 100 ? Math.round(x).toLocaleString('en') : x.toPrecision(3)
}

/** Cells side by side, numbers to the right. */
export function table([heading, ...lines]: readonly (readonly string[])[]): string {
  const widths = heading.map((_, i) =>
    Math.max(4, ...[heading, ...lines].map((line) => line[i].length)),
  )
  const row = (cells: readonly string[]): string => {
    const padded = cells.map((cell, i) =>
      i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]),
    )
    return `| ${padded.join(' | ')} |`
  }
  const rule = widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [row(heading), row(rule), ...lines.map(row)].join('\n')
}

import { showShape } from './show-shape.ts'
import type { Summary, SummaryRow } from './summary.ts'

const head = ['Layer', 'Output shape', 'Parameters', 'Trainable', 'Bytes']

/** A summary as a table: words to the left of their columns, numbers to the right. */
export function tableOf({ rows, ...total }: Summary): string {
  const lines = [
    head,
    ...rows.map((row) => [layerOf(row), outputOf(row), ...numbersOf(row)]),
    ['Total', '', ...numbersOf(total)],
  ]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
        )
        .join('  '),
    )
    .join('\n')
}

function layerOf({ name, type, depth }: SummaryRow): string {
  return `${'  '.repeat(depth)}${name === '' ? '' : `${name}: `}${type}`
}

function outputOf({ outputShapes }: SummaryRow): string {
  return outputShapes === null ? '-' : outputShapes.map(showShape).join(', ')
}

type Numbers = Pick<Summary, 'parameters' | 'trainable' | 'bytes'>

/** With commas between thousands, whatever the reader's language. */
function numbersOf({ parameters, trainable, bytes }: Numbers): string[] {
  return [parameters, trainable, bytes].map((n) => String(n).replace(/\B(?=(\d{3})+$)/g, ','))
}

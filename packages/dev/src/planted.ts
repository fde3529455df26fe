/**
 * Prints which of twenty planted mistakes the gradient checks find: ours, run now, and PyTorch's, as
 * packages/dev/golden/mistakes.py found them.
 *
 *     npm run ts -- packages/dev/src/planted.ts
 */
import { readFileSync } from 'node:fs'
import { gradcheck, gradgradcheck } from '@gradtape/testing'
import { mistakes, type Mistake } from '../../testing/test/mistakes/mistakes.ts'
import { inRoot } from './root.ts'

interface ByTorch {
  readonly name: string
  readonly gradcheck: boolean
  readonly fastMode: boolean
  readonly gradcheckAlarm: boolean
  readonly fastModeAlarm: boolean
}

const golden = inRoot('packages/testing/test/golden/mistakes.json')
const { pytorch, found } = JSON.parse(readFileSync(golden, 'utf8')) as {
  pytorch: string
  found: ByTorch[]
}

function refuses({ inputs, order }: Mistake, f: Mistake['wrong'], fastMode: boolean): boolean {
  const options = { raiseException: false, fastMode }
  if (!gradcheck(f, inputs(), options)) return true
  return order === 2 && !gradgradcheck(f, inputs(), options)
}

/** A check that refuses the function put right as well has found nothing. */
function verdict(wrong: boolean, right: boolean): string {
  if (right) return 'refuses the right one, too'
  return wrong ? 'found' : 'missed'
}

const rows = mistakes.map((mistake) => {
  const torch = found.find(({ name }) => name === mistake.name)!
  const ours = [false, true].map((fastMode) =>
    verdict(refuses(mistake, mistake.wrong, fastMode), refuses(mistake, mistake.right, fastMode)),
  )
  return [
    mistake.name,
    ...ours,
    verdict(torch.gradcheck, torch.gradcheckAlarm),
    verdict(torch.fastMode, torch.fastModeAlarm),
  ]
})
const totals = [1, 2, 3, 4].map((column) => {
  const count = rows.filter((row) => row[column] === 'found').length
  return `${count} of ${rows.length}`
})
const head = ['mistake', 'gradcheck', 'fastMode', `PyTorch ${pytorch}`, 'its fast mode']
const lines = [head, ...rows, ['found', ...totals]]
const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
for (const line of lines) {
  console.log(
    line
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
}

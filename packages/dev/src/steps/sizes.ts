import { longestAllowed, sourceSizes, totalLines } from '../source-sizes.ts'
import type { Step } from '../step.ts'

export const sizes: Step = {
  name: 'source-sizes',
  async run() {
    const files = sourceSizes()
    const long = files.filter((file) => file.lines > longestAllowed)
    const longest = files.reduce((a, b) => (b.lines > a.lines ? b : a))
    return {
      ok: long.length === 0,
      note: `${files.length} source files, ${totalLines(files)} lines, longest ${longest.path} with ${longest.lines}`,
      output: long
        .map(({ path, lines }) => `${path} has ${lines} lines, more than ${longestAllowed}`)
        .join('\n'),
    }
  },
}

import { node, tools } from '../command.ts'
import type { Step } from '../step.ts'

export const lint: Step = {
  name: 'lint',
  run: () => node(tools.oxlint, ['--deny-warnings']),
}

export const format: Step = {
  name: 'format',
  async run() {
    const { ok, output } = await node(tools.prettier, ['--check', '.'])
    return { ok, output: `${output}\nnpm run format puts it right.` }
  },
}

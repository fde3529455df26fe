import { rmSync } from 'node:fs'
import { node, tools, type CommandResult } from '../command.ts'
import { inRoot, publicPackages } from '../root.ts'
import type { Step } from '../step.ts'

let result: Promise<CommandResult> | undefined

/** Compiles every public package, once in a run, whoever asks first. */
export function built(): Promise<CommandResult> {
  result ??= compile()
  return result
}

export const build: Step = { name: 'build', run: built }

/** Into an empty `dist`, so that nothing of a deleted source stays behind. */
function compile(): Promise<CommandResult> {
  const folders = publicPackages.map((name) => inRoot('packages', name))
  for (const folder of folders) rmSync(`${folder}/dist`, { recursive: true, force: true })
  return node(tools.tsc, ['-b', ...folders])
}

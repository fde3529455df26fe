import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { node } from '../command.ts'
import { bundleWithEsbuild, runInPage } from '../packed/bundle.ts'
import { inModules, install } from '../packed/install.ts'
import { failure, type Step } from '../step.ts'

/** Two copies of core, as two versions in one tree would be, must not go unnoticed. */
export const secondCore: Step = {
  name: 'second copy of core',
  async run() {
    const { folder } = await install()
    cpSync(inModules(folder, 'core'), join(folder, 'second-core'), { recursive: true })
    const script = join(folder, 'two-cores.js')
    writeFileSync(script, "import '@gradtape/core'\nimport './second-core/dist/index.js'\n")

    const inNode = await node(script, [], { cwd: folder })
    if (inNode.ok) return failure('plain Node loaded two copies')
    if (!isRefusal(inNode.output)) return failure(inNode.output)

    const bundle = await bundleWithEsbuild(script, 'cores')
    try {
      runInPage(bundle, 'null', { evalAllowed: true })
    } catch (error) {
      return isRefusal(String(error)) ? { ok: true, note: 'refused' } : failure(String(error))
    }
    return failure('a page loaded two copies from one bundle')
  },
}

function isRefusal(message: string): boolean {
  return /GradtapeError: .*(second|two)/.test(message)
}

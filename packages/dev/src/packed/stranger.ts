import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot } from '../root.ts'
import { install } from './install.ts'

/** The folder of the installed packages, with a stranger's own sources in `stranger`. */
export async function strangersCode(): Promise<string> {
  const { folder } = await install()
  cpSync(inRoot('packages/dev/stranger'), join(folder, 'stranger'), { recursive: true })
  return folder
}

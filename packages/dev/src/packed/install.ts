import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command } from '../command.ts'
import { inRoot, publicPackages, root } from '../root.ts'
import { built } from '../steps/build.ts'

/** The packages as a stranger gets them: packed, and installed by npm into a folder of their own. */
export interface Installed {
  readonly folder: string
  readonly tarballs: readonly string[]
}

let installed: Promise<Installed> | undefined

/** Builds, packs and installs, once in a run; what went wrong is told once. */
export function install(): Promise<Installed> {
  if (installed === undefined) {
    const first = packAndInstall()
    installed = first.catch(() => {
      throw new Error('there are no installed packages to look at; see above')
    })
    return first
  }
  return installed
}

/** Where package NAME lies in a stranger's folder. */
export function inModules(folder: string, name: string, ...parts: string[]): string {
  return join(folder, 'node_modules/@gradtape', name, ...parts)
}

async function packAndInstall(): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), 'gradtape-packed-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const tarballs = await pack(join(folder, 'tarballs'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }\n')
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  await must('npm', ['install', ...quiet, ...tarballs], folder)
  return { folder, tarballs }
}

async function pack(destination: string): Promise<string[]> {
  const { ok, output } = await built()
  if (!ok) throw new Error(`the build failed:\n${output}`)
  mkdirSync(destination)
  const { packageManager } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as {
    packageManager: string
  }
  const filters = publicPackages.flatMap((name) => ['--filter', `@gradtape/${name}`])
  const pnpm = ['--yes', '--prefer-offline', '--package', packageManager, '--', 'pnpm', ...filters]
  await must('npx', [...pnpm, 'pack', '--pack-destination', destination], root)
  return readdirSync(destination).map((file) => join(destination, file))
}

async function must(program: string, args: readonly string[], cwd: string): Promise<void> {
  const { ok, output } = await command(program, args, { cwd })
  if (!ok) throw new Error(`${program} ${args.join(' ')}\n${output}`)
}

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const inBench = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url))
const { packageManager } = JSON.parse(readFileSync(inBench('../../package.json'), 'utf8')) as {
  packageManager: string
}

/** Brings what package.json names, once and again when it changes. Peers that don't come are missing. */
export function install(): void {
  const key = createHash('sha256')
    .update(`${process.platform} ${process.arch}`)
    .update(readFileSync(inBench('package.json')))
    .update(readFileSync(inBench('pnpm-lock.yaml')))
    .digest('hex')
  const stamp = inBench('node_modules/.gradtape-install')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return
  console.log('Installing the frameworks to compare with ...')
  const windows = process.platform === 'win32'
  const pnpm = ['pnpm', 'install', '--frozen-lockfile', '--prefer-offline']
  const { status } = spawnSync(
    windows ? 'npx.cmd' : 'npx',
    ['--yes', '--prefer-offline', '--package', packageManager, '--', ...pnpm],
    {
      cwd: inBench('.'),
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: windows,
      env: { ...process.env, CI: 'true' },
    },
  )
  if (status === 0) writeFileSync(stamp, key)
  else console.error('The install failed, see above; what is there is measured.')
}

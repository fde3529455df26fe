// What every npm script of the root goes through: `node packages/dev/bootstrap.mjs FILE [ARGUMENTS]`.
// Plain JavaScript on Node's own modules, because on a bare clone there is nothing else yet. It brings
// the dependencies when they are missing or stale, then runs FILE (TypeScript through tsx).
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const stampFile = join(root, 'node_modules/.gradtape-install')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

function fail(message) {
  console.error(`gradtape: ${message}`)
  process.exit(1)
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const [needMajor, needMinor] = manifest.engines.node.match(/\d+/g).map(Number)
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return
  fail(`Node ${needMajor}.${needMinor} or newer is needed; this is Node ${process.versions.node}.`)
}

/** A hash of all that decides what an install brings. */
function installKey() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  const folders = readdirSync(join(root, 'packages')).toSorted()
  const files = [
    'package.json',
    'pnpm-workspace.yaml',
    'pnpm-lock.yaml',
    'examples/package.json',
    ...folders.map((folder) => `packages/${folder}/package.json`),
  ]
  for (const file of files) {
    const path = join(root, file)
    if (existsSync(path)) hash.update(`\n${file}\n`).update(readFileSync(path))
  }
  return hash.digest('hex')
}

function install() {
  const key = installKey()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === key) return
  console.log('Installing the dependencies (once, and again when they change) ...')
  const windows = process.platform === 'win32'
  // Offline where it can be: what was brought once is not asked for again.
  const npx = ['--yes', '--prefer-offline', '--package', manifest.packageManager]
  const pnpm = ['pnpm', 'install', '--frozen-lockfile', '--prefer-offline']
  const result = spawnSync(windows ? 'npx.cmd' : 'npx', [...npx, '--', ...pnpm], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: windows,
    // pnpm must never ask, whoever runs this.
    env: { ...process.env, CI: 'true' },
  })
  if (result.error) fail(`npx could not be started (${result.error.message}). npm comes with Node.`)
  if (result.status !== 0) fail(`the install failed (${manifest.packageManager}); see above.`)
  writeFileSync(stampFile, key)
}

function run([file, ...args]) {
  const tsx = pathToFileURL(join(root, 'node_modules/tsx/dist/loader.mjs')).href
  const loader = file.endsWith('.ts') ? ['--import', tsx] : []
  const result = spawnSync(
    process.execPath,
    ['--conditions=@gradtape/source', ...loader, resolve(root, file), ...args],
    { cwd: root, stdio: 'inherit' },
  )
  if (result.error) fail(result.error.message)
  process.exit(result.status ?? 1)
}

checkNode()
install()
run(process.argv.slice(2))

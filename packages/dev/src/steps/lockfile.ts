import { readFileSync } from 'node:fs'
import { inRoot } from '../root.ts'
import { failure, type Step } from '../step.ts'

const files = ['pnpm-lock.yaml', 'packages/bench/pnpm-lock.yaml']

/** Lockfiles name packages and their hashes, never the address that they came from. */
export const lockfile: Step = {
  name: 'lockfile',
  async run() {
    const found = files.flatMap((file) =>
      readFileSync(inRoot(file), 'utf8')
        .split('\n')
        .filter((line) => /https?:|tarball:|registry/i.test(line))
        .map((line) => `${file}: ${line}`),
    )
    if (found.length > 0) return failure(`download addresses:\n${found.join('\n')}`)
    return { ok: true, note: `${files.length} files hold no download address` }
  },
}

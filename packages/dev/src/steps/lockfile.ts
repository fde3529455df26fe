import { readFileSync } from 'node:fs'
import { inRoot } from '../root.ts'
import { failure, type Step } from '../step.ts'

/** The lockfile names packages and their hashes, never the address that they came from. */
export const lockfile: Step = {
  name: 'lockfile',
  async run() {
    const lines = readFileSync(inRoot('pnpm-lock.yaml'), 'utf8').split('\n')
    const addresses = lines.filter((line) => /https?:|tarball:|registry/i.test(line))
    if (addresses.length === 0) return { ok: true, note: 'holds no download address' }
    return failure(`pnpm-lock.yaml holds download addresses:\n${addresses.join('\n')}`)
  },
}

import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import type { Peer } from './peers.ts'

/** Where a run takes place, in one line. */
export function machine(): string {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const { platform, arch, versions } = process
  return `Node ${versions.node} (V8 ${versions.v8}) on ${platform} ${arch}, ${cpus().length} cores of ${cpu.model.trim()}, ${memory} GB`
}

/** The versions of the packages of peers that are installed. */
export function versionsOf(peers: readonly Peer[]): Record<string, string> {
  const versions: Record<string, string> = {}
  for (const { name, package: from } of peers) {
    if (from === undefined) continue
    try {
      const url = new URL(`../node_modules/${from}/package.json`, import.meta.url)
      versions[name] = (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version
    } catch {
      // Its process will say that it is missing.
    }
  }
  return versions
}

import * as core from '@gradtape/core'

/** A public function of the op table, with what the table says of it. */
export interface TableEntry {
  (...args: never[]): unknown
  readonly entry: core.EntryInfo
}

/** The op table: every export of core that carries its entry, by name. */
export function opTable(): ReadonlyMap<string, TableEntry> {
  const found = new Map<string, TableEntry>()
  for (const value of Object.values(core) as unknown[]) {
    if (typeof value === 'function' && 'entry' in value) {
      const fn = value as TableEntry
      found.set(fn.entry.name, fn)
    }
  }
  return found
}

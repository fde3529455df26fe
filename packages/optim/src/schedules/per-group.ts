import type { Option } from '../options.ts'
import type { Scheduled } from './lr-scheduler.ts'

/** One value for all groups, or a list with one for each. */
export type PerGroup<T> = T | readonly T[]

/** What `option` takes, or a list of it. */
export function perGroup<T>({ initial, range, accepts }: Option<T>): Option<PerGroup<T>> {
  return {
    initial,
    range: `${range}, or a list of such with one for each group`,
    accepts: (value) => (Array.isArray(value) ? value.every(accepts) : accepts(value)),
  }
}

export function ofGroup<T>(value: PerGroup<T>, group: number): T {
  return Array.isArray(value) ? value[group] : (value as T)
}

/** What is wrong with lists of another length than the groups. */
export function listMisfit(
  lists: { readonly [name: string]: unknown },
  { paramGroups }: Scheduled,
): string | null {
  for (const [name, list] of Object.entries(lists)) {
    if (Array.isArray(list) && list.length !== paramGroups.length) {
      return `${name} has ${list.length} entries, the optimizer ${paramGroups.length} groups; give one for each, or one value for all`
    }
  }
  return null
}

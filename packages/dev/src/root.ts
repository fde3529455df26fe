import { fileURLToPath } from 'node:url'
import { join } from 'node:path'

/** The repository's folder. */
export const root: string = fileURLToPath(new URL('../../..', import.meta.url))

/** The packages that are published, each after those that it needs. */
export const publicPackages = ['core', 'nn', 'optim', 'data', 'testing', 'native'] as const

export function inRoot(...parts: string[]): string {
  return join(root, ...parts)
}

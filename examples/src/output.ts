import { mkdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../output', import.meta.url))

/** The path of a file or folder under examples/output, which is made if it is missing. */
export async function outputPath(name: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  return join(folder, name)
}

/** A path as the reader types it: seen from where the example was started. */
export function shownPath(path: string): string {
  return relative(process.cwd(), path)
}

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { inRoot, root } from './root.ts'

/** No source file is longer. */
export const longestAllowed = 400

export interface SourceSize {
  readonly path: string
  readonly lines: number
}

/** The line count of every TypeScript file under a package's `src` and of every example. */
export function sourceSizes(): SourceSize[] {
  const folders = readdirSync(inRoot('packages')).map((name) => inRoot('packages', name, 'src'))
  return [...folders, inRoot('examples')]
    .filter((folder) => existsSync(folder))
    .flatMap(typescriptFiles)
    .map((path) => ({
      path: relative(root, path).split(sep).join('/'),
      lines: readFileSync(path, 'utf8').split('\n').length - 1,
    }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

export function totalLines(files: readonly SourceSize[]): number {
  return files.reduce((sum, { lines }) => sum + lines, 0)
}

function typescriptFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) {
      return entry.name === 'node_modules' ? [] : typescriptFiles(join(folder, entry.name))
    }
    return entry.name.endsWith('.ts') ? [join(folder, entry.name)] : []
  })
}

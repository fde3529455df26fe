// Prints the size of every source file, package by package: `npm run sizes`.
import { sourceSizes, totalLines, type SourceSize } from './source-sizes.ts'

const groups = new Map<string, SourceSize[]>()
for (const file of sourceSizes()) {
  const group = file.path.split('/').slice(0, file.path.startsWith('packages/') ? 2 : 1)
  const name = group.join('/')
  groups.set(name, [...(groups.get(name) ?? []), file])
}

for (const [name, files] of groups) {
  console.log(`\n${row(totalLines(files), name)}`)
  for (const { path, lines } of files) console.log(row(lines, `  ${path.slice(name.length + 1)}`))
}
console.log(`\n${row(totalLines([...groups.values()].flat()), 'lines in all')}`)

function row(lines: number, what: string): string {
  return `${String(lines).padStart(6)}  ${what}`
}

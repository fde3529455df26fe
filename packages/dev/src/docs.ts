// Writes the pages of docs/ops from the op table and its doc comments: `npm run docs`.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { allFacts } from './ops/facts.ts'
import { opPages } from './ops/pages.ts'
import { inRoot } from './root.ts'

const folder = inRoot('docs/ops')
const pages = await opPages(allFacts())
mkdirSync(folder, { recursive: true })
for (const name of readdirSync(folder)) {
  if (!pages.has(name)) rmSync(inRoot('docs/ops', name))
}
for (const [name, text] of pages) writeFileSync(inRoot('docs/ops', name), text)
console.log(`docs/ops: ${pages.size} pages`)

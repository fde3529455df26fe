// `npm run example -- NAME [ARGUMENTS]`: runs examples/NAME.ts; without a name, tells which there are.
import { readdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { inRoot } from './root.ts'

const names = readdirSync(inRoot('examples'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
const name = process.argv[2]

if (name === undefined || !names.includes(name)) {
  if (name !== undefined) console.error(`There is no example called ${name}.`)
  console.error(`npm run example -- NAME, where NAME is one of: ${names.join(', ')}`)
  process.exit(1)
}
// The example sees its own arguments where it would if it had been started by itself.
const file = inRoot('examples', `${name}.ts`)
process.argv.splice(1, 2, file)
await import(pathToFileURL(file).href)

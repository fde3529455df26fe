// Prints the table of all ops: `npm run table`.
import { aligned } from './aligned.ts'
import { allFacts, columns, type Facts } from './ops/facts.ts'

const keys = Object.keys(columns) as (keyof typeof columns)[]
const rows = [columns, ...allFacts()] as readonly Facts[]
console.log(aligned(rows.map((row) => keys.map((key) => row[key]))).join('\n'))

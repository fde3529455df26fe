// Feeds every reader with mutated files: `npm run ts -- packages/data/test/fuzz/run.ts [INPUTS] [SEED]`.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fuzz } from './fuzz.ts'
import { readers } from './readers.ts'

const [inputs = '100000', seed = '1'] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'gradtape-fuzz-'))
try {
  for (const reader of readers) {
    const start = performance.now()
    const result = await fuzz(reader, Number(inputs), Number(seed), join(folder, 'input'))
    const seconds = ((performance.now() - start) / 1000).toFixed(0)
    console.log(
      `${reader.name}: ${inputs} inputs in ${seconds} s: ${result.read} read, ${result.refused} refused with place and file; slowest ${result.slowest.toFixed(1)} ms; ${(-result.excess / 2 ** 20).toFixed(2)} MiB below the bound on memory`,
    )
    if (result.excess > 0) throw new Error(`${reader.name} allocated too much`)
  }
} finally {
  rmSync(folder, { recursive: true })
}

// Feeds imageFolder with mutated pictures: `npm run ts -- packages/data/test/fuzz/images.ts [INPUTS] [SEED]`.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GradtapeError } from '@gradtape/core'
import { imageFolder } from '@gradtape/data/node'
import sharp from 'sharp'
import { mutate, randomIntegers } from './mutate.ts'

const [inputs = '100000', seed = '1'] = process.argv.slice(2)
const raw = { width: 12, height: 9, channels: 3 } as const
const picture = () =>
  sharp(Buffer.from(Array.from({ length: 324 }, (_, i) => (i * 7) % 256)), { raw })
const seeds = [
  await picture().png().toBuffer(),
  await picture().png({ progressive: true, palette: true }).toBuffer(),
  await picture().jpeg().toBuffer(),
  await picture()
    .jpeg({ progressive: true })
    .withExif({ IFD0: { Artist: 'x' } })
    .toBuffer(),
]
/** What decoding any of them may add to the process: a picture of 65535 × 65535 would take gigabytes. */
const ROOM = 512 * 2 ** 20

const folder = mkdtempSync(join(tmpdir(), 'gradtape-images-'))
const file = join(folder, 'input.png')
try {
  const below = randomIntegers(Number(seed))
  const begin = performance.now()
  const resident = process.memoryUsage.rss()
  let [read, slowest, most] = [0, 0, 0]
  for (let i = 0; i < Number(inputs); i++) {
    const bytes = mutate(seeds[i % seeds.length]!, below, ['IHDR', 'IDAT', 'PLTE', 'IEND', 'Exif'])
    writeFileSync(file, bytes)
    const start = performance.now()
    try {
      await imageFolder(folder, { size: 4, label: () => 0 })
      read++
    } catch (error) {
      if (!(error instanceof GradtapeError) || !error.message.includes(file)) {
        throw new Error(`input ${i}: ${bytes.toString()}`, { cause: error })
      }
    }
    slowest = Math.max(slowest, performance.now() - start)
    most = Math.max(most, process.memoryUsage.rss() - resident)
  }
  const seconds = ((performance.now() - begin) / 1000).toFixed(0)
  const refused = Number(inputs) - read
  console.log(
    `image folder: ${inputs} inputs in ${seconds} s: ${read} read, ${refused} refused by name; slowest ${slowest.toFixed(0)} ms; at most ${(most / 2 ** 20).toFixed(0)} MiB resident more`,
  )
  if (most > ROOM) throw new Error('imageFolder allocated too much')
} finally {
  rmSync(folder, { recursive: true })
}

// Goes through 10 GB of records in a file, shuffled, and tells what memory that took:
// `NODE_OPTIONS=--max-old-space-size=64 npm run ts -- packages/data/test/node/large-loader.ts [GB]`.
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RandomGenerator } from '@gradtape/core'
import { DataLoader } from '@gradtape/data'
import { openNpy } from '@gradtape/data/node'
import { encodeNpyHeader } from '../../src/npy/header.ts'

const [gigabytes = '10'] = process.argv.slice(2)
const width = 65_536
const rows = Math.ceil((Number(gigabytes) * 1e9) / (4 * width))
const folder = mkdtempSync(join(tmpdir(), 'gradtape-large-'))
const path = join(folder, 'records.npy')

/** Zeros, which take no place on the disk, but for each record's first element: its number. */
async function makeRecords(): Promise<void> {
  const file = await open(path, 'w')
  const header = encodeNpyHeader('large-loader', 'float32', [rows, width])
  await file.truncate(header.length + rows * width * 4)
  await file.write(header, 0, header.length, 0)
  for (let row = 0; row < rows; row++) {
    await file.write(
      new Uint8Array(Float32Array.of(row).buffer),
      0,
      4,
      header.length + row * width * 4,
    )
  }
  await file.close()
}

try {
  await makeRecords()
  const records = await openNpy(path)
  const options = { batchSize: 32, shuffle: true, generator: new RandomGenerator(0), prefetch: 2 }
  const peak = { heapUsed: 0, arrayBuffers: 0, rss: 0 }
  const start = performance.now()
  let sum = 0
  let bytes = 0
  for await (const batch of new DataLoader(records, options)) {
    sum += batch.narrow(1, 0, 1).double().sum().item()
    bytes += batch.numel * 4
    const used = process.memoryUsage()
    for (const key of ['heapUsed', 'arrayBuffers', 'rss'] as const) {
      peak[key] = Math.max(peak[key], used[key])
    }
  }
  await records.close()
  const seconds = (performance.now() - start) / 1000
  if (sum !== (rows * (rows - 1)) / 2) throw new Error('a record was missed or came twice')
  const megabytes = (n: number) => `${(n / 1e6).toFixed(0)} MB`
  console.log(
    `${(bytes / 1e9).toFixed(2)} GB in ${rows} records, each once, in ${seconds.toFixed(0)} s; peaks: heap ${megabytes(peak.heapUsed)}, array buffers ${megabytes(peak.arrayBuffers)}, resident ${megabytes(peak.rss)}`,
  )
} finally {
  rmSync(folder, { recursive: true })
}

// Trains for long and looks whether memory stays level: `npm run endurance`. With names
// (`npm run endurance -- XOR`) only those; `--share 0.1` runs a tenth of the steps.
import { setFlagsFromString } from 'node:v8'
import { parseArgs } from 'node:util'
import { runInNewContext } from 'node:vm'
import { aligned } from './aligned.ts'

/** How many times memory is looked at. */
const SAMPLES = 40

/** By how many bytes the straight line through the later half of the samples may rise from its begin to its end. */
const allowed = { heap: 2 ** 18, arrays: 2 ** 18, wasm: 0, resident: 2 ** 24 }

type Sample = Record<keyof typeof allowed, number>

const { values, positionals } = parseArgs({
  options: { share: { type: 'string', default: '1' } },
  allowPositionals: true,
})
const share = Number(values.share)
if (!(share > 0)) throw new Error(`--share must be a positive number, got ${values.share}`)

// All memory that kernels are given, shared or not.
const memories: WebAssembly.Memory[] = []
const { Memory } = WebAssembly
WebAssembly.Memory = class extends Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor)
    memories.push(this)
  }
}
// Loaded now, so that it finds this Memory.
const { mlp, xor } = await import('./endurance/tasks.ts')

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function sample(): Sample {
  // Array buffers are freed beside the program; a second collection waits for the first one's.
  collect()
  collect()
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
  const wasm = memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)
  return { heap: heapUsed, arrays: arrayBuffers, wasm, resident: rss }
}

/** How much the line of least squares through equally spaced values rises from the first to the last. */
function rise(ys: readonly number[]): number {
  const middle = (ys.length - 1) / 2
  const mean = ys.reduce((sum, y) => sum + y, 0) / ys.length
  let [product, square] = [0, 0]
  ys.forEach((y, i) => {
    product += (i - middle) * (y - mean)
    square += (i - middle) ** 2
  })
  return (product / square) * (ys.length - 1)
}

const rows = [['network', 'steps', 'memory', 'first', 'half way', 'last', 'rise', 'allowed', '']]
for (const { name, steps, begin } of [xor, mlp]) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  const step = begin()
  const count = Math.max(SAMPLES, Math.round(steps * share))
  const samples: Sample[] = []
  const start = performance.now()
  for (let i = 0; i < count; i++) {
    step()
    if (i + 1 >= ((samples.length + 1) * count) / SAMPLES) samples.push(sample())
  }
  const seconds = (performance.now() - start) / 1000
  console.error(`${name}: ${count} steps in ${seconds.toFixed(1)} s`)
  const later = samples.slice(SAMPLES / 2)
  for (const [what, bound] of Object.entries(allowed) as [keyof Sample, number][]) {
    const risen = rise(later.map((one) => one[what]))
    const ok = risen <= bound
    if (!ok) process.exitCode = 1
    const shown = [samples[0]!, later[0]!, later.at(-1)!].map((one) => inMegabytes(one[what]))
    rows.push([
      name,
      String(count),
      what,
      ...shown,
      inMegabytes(risen),
      inMegabytes(bound),
      ok ? '✓' : '✗',
    ])
  }
}
console.log(aligned(rows, (column) => column > 2 && column < 8).join('\n'))
console.log(
  'In MB after a collection; the rise is that of a straight line through the later half of 40 samples.',
)

function inMegabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(2)
}

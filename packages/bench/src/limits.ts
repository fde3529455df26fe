// What one thread of this machine can do at best, for rates to be compared with.
import {
  assemble,
  f32x4,
  f64x2,
  i32,
  local,
  loop,
  types,
  v128,
  type Code,
  type FloatLanes,
} from '../../core/src/wasm/assembler.ts'
import { engine } from '../../core/src/wasm/engine.ts'

/** Sums that don't wait for each other: enough for the latency of a product and a sum. */
const SUMS = 13

/** How often each is taken in one pass of the loop. */
const UNROLLED = 4

/** In one line. */
export function limits(): string {
  const rates = [
    ['float32', f32x4, false],
    ['float32 fused', f32x4, true],
    ['float64', f64x2, false],
    ['float64 fused', f64x2, true],
  ] as const
  const shown = rates.map(([name, lanes, fused]) => `${name} ${multiplyAdd(lanes, fused)}`)
  return (
    `One thread at best: multiply and add in WebAssembly, registers only, in GFLOP/s: ` +
    `${shown.join(', ')}; copies read and write ${copying().toFixed(0)} GB/s.`
  )
}

/** Billions of operations a second, in vectors that never leave the registers. */
function multiplyAdd(lanes: FloatLanes, fused: boolean): string {
  const [count, factor, summand, first] = [0, 1, 2, 3]
  const x = local.get(factor)
  const y = local.get(summand)
  const step = (sum: number): Code => {
    const s = local.get(sum)
    return local.set(sum, fused ? lanes.madd(s, x, y) : lanes.add(lanes.mul(s, x), y))
  }
  const sums = Array.from({ length: SUMS }, (_, i) => first + i)
  const pass = Array.from({ length: UNROLLED }, () => sums.map(step))
  const less = local.tee(count, i32.sub(local.get(count), i32.const(1)))
  const all = sums.map((sum) => local.get(sum)).reduce((a, b) => lanes.add(a, b))
  const zero = i32.const(0)
  const bytes = assemble([
    {
      name: 'run',
      params: [types.i32],
      locals: Array(2 + SUMS).fill(types.v128),
      body: [
        local.set(factor, v128.load(zero)),
        local.set(summand, v128.load(zero, 16)),
        loop(pass, less),
        v128.store(zero, all, 32),
      ],
    },
  ])
  if (!engine.validate(bytes)) return 'unknown here'
  const memory = new engine.Memory({ initial: 1 })
  // Sums stay near 1, so that no number is too small to be quick.
  const numbers =
    lanes.size === 4 ? new Float32Array(memory.buffer) : new Float64Array(memory.buffer)
  numbers.fill(0.5)
  const { run } = new engine.Instance(new engine.Module(bytes), { m: { m: memory } }).exports
  const passes = 100_000
  const operations = passes * UNROLLED * SUMS * lanes.lanes * 2
  return (operations / best(() => run(passes)) / 1e9).toFixed(0)
}

function copying(): number {
  const from = new Float32Array(2 ** 23).fill(1)
  const to = new Float32Array(2 ** 23)
  return (2 * from.byteLength) / best(() => to.set(from)) / 1e9
}

/** The seconds of the quickest of many runs: others only take away. */
function best(run: () => void): number {
  let seconds = Infinity
  for (let i = 0; i < 30; i++) {
    const begin = performance.now()
    run()
    seconds = Math.min(seconds, (performance.now() - begin) / 1000)
  }
  return seconds
}

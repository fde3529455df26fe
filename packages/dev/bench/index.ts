// `npm run bench`: one training step of the XOR network in float64, eager, beside the same step written
// by hand over typed arrays and, where Python has PyTorch, beside PyTorch's. Read the ratios: all are
// taken in one run of one machine.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { XorByHand, xorStart } from './xor-by-hand.ts'
import { XorEager } from './xor-eager.ts'

/** The eager step may take this many microseconds, or this many times the hand-written one. */
const allowed = { microseconds: 10, timesByHand: 30 }

const byHand = new XorByHand(xorStart)
const eager = new XorEager(xorStart)
agree()
// The rounds alternate, so that whatever else the machine does meets both.
const rounds = Array.from({ length: 15 }, () => ({
  byHand: microseconds(byHand, 100_000),
  eager: microseconds(eager, 20_000),
}))
const handTime = Math.min(...rounds.map((round) => round.byHand))
const eagerTime = Math.min(...rounds.map((round) => round.eager))
const torchTime = pytorch()

console.log('XOR step, float64, 2-2-1, four examples: microseconds, the best of 15 rounds')
show('typed arrays by hand', handTime)
show('gradtape, eager', eagerTime)
if (torchTime === undefined) console.log('PyTorch was not found')
else show('PyTorch, one thread', torchTime)

const limit = Math.max(allowed.microseconds, allowed.timesByHand * handTime)
if (eagerTime > limit) {
  console.log(`\nThe eager step takes more than ${limit.toFixed(1)} µs.`)
  process.exitCode = 1
}

function show(what: string, time: number): void {
  const ratio = `${(time / eagerTime).toFixed(2)} of the eager step`
  const toHand = `${(time / handTime).toFixed(1)} times by hand`
  console.log(`${what.padEnd(22)}${time.toFixed(2).padStart(8)}   ${ratio}, ${toHand}`)
}

function microseconds(network: { step(): number }, steps: number): number {
  const begin = performance.now()
  for (let i = 0; i < steps; i++) network.step()
  return ((performance.now() - begin) / steps) * 1000
}

/** What is timed must be the same computation. */
function agree(): void {
  for (let i = 0; i < 1000; i++) {
    const [a, b] = [byHand.step(), eager.step()]
    if (!(Math.abs(a - b) <= 1e-9 * a)) throw new Error(`step ${i}: losses ${a} and ${b} differ`)
  }
}

/** PyTorch's step, or undefined where no Python has it. Its threads and its BLAS's are held to one. */
function pytorch(): number | undefined {
  const script = fileURLToPath(new URL('xor_torch.py', import.meta.url))
  const env = {
    ...process.env,
    OMP_NUM_THREADS: '1',
    OPENBLAS_NUM_THREADS: '1',
    MKL_NUM_THREADS: '1',
  }
  // A distribution's torch belongs to its own Python, which need not be the first on the path.
  for (const python of ['python3', '/usr/bin/python3']) {
    const { stdout } = spawnSync(python, [script, JSON.stringify(xorStart)], {
      encoding: 'utf8',
      env,
    })
    const time = Number.parseFloat(stdout ?? '')
    if (time > 0) return time
  }
  return undefined
}

// `npm run bench`: training steps in gradtape beside the same steps written by hand and, where a Python
// with PyTorch is found (GRADTAPE_PYTHON names another), in PyTorch on one thread. Read the ratios: they
// are taken in one run of one machine, in rounds that alternate, after the losses have been compared.
import { digits } from './digits.ts'
import { mlp } from './mlp.ts'
import { Network, type NetworkSettings } from './network.ts'
import { figure, report } from './report.ts'
import { agree, race, type Check, type Timing } from './rounds.ts'
import { findTorch, type Torch } from './torch.ts'
import { local, type Contender } from './training.ts'
import { XorByHand, xorStart } from './xor-by-hand.ts'
import { XorEager } from './xor-eager.ts'

const EAGER = 'gradtape, eager'

/** What an eager XOR step may take: so many microseconds, or so many times the one by hand. */
const TARGET = { microseconds: 10, timesByHand: 30 }

const torch = await findTorch()
if (torch === null) console.log('No Python with PyTorch was found; GRADTAPE_PYTHON can name one.')
await xor(torch)
await network('Digits: 64-256-10, batch 32, Adam, float32', digits, 100, torch)
await network('MLP: 784-512-512-10, batch 128, SGD, float32', mlp, 3, torch)
torch?.stop()

async function xor(python: Torch | null): Promise<void> {
  const contenders = [
    local('typed arrays by hand', 100_000, new XorByHand(xorStart)),
    local(EAGER, 10_000, new XorEager(xorStart)),
  ]
  if (python) contenders.push(await python.contender(1_000, 'xor', xorStart))
  const timings = await measure(contenders, { steps: 1000, tolerance: 1e-9 }, 15)
  const [byHand, eager] = timings
  report('XOR: 2-2-1, four examples, SGD, float64', timings, eager)
  const limit = Math.max(TARGET.microseconds, TARGET.timesByHand * byHand.median)
  const verdict = eager.median <= limit ? 'met' : 'missed'
  console.log(
    `  target: ${TARGET.microseconds} µs or ${TARGET.timesByHand} times by hand, here ${figure(limit)} µs: ${verdict}`,
  )
}

async function network(
  title: string,
  settings: NetworkSettings,
  steps: number,
  python: Torch | null,
): Promise<void> {
  const contenders = [local(EAGER, steps, new Network(settings))]
  if (python) contenders.push(await python.contender(steps, 'network', settings))
  const timings = await measure(contenders, { steps: 10, tolerance: 1e-4 }, 7)
  report(title, timings, timings[0])
}

async function measure(
  contenders: readonly Contender[],
  check: Check,
  rounds: number,
): Promise<Timing[]> {
  await agree(contenders, check)
  return race(contenders, rounds)
}

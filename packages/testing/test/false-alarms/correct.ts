import {
  GradtapeError,
  noGrad,
  tensor,
  vjp,
  type Domain,
  type Shape,
  type Tensor,
} from '@gradtape/core'
import {
  gradcheck,
  GradcheckError,
  gradgradcheck,
  type GradcheckOptions,
  type TableEntry,
} from '../../src/index.ts'
import { grow } from '../../src/programs/grow.ts'
import { PoolSampler, programOps, type Pool } from '../../src/programs/pool-sampler.ts'
import { Program } from '../../src/programs/program.ts'
import { uniform } from '../../src/programs/random.ts'

/** What was checked, and every check that refused a function whose gradient is right. */
export interface Outcome {
  checks: number
  /** Checks of functions that the tape has no finite gradient for. */
  poles: number
  /** Checks that pass, but not with `maxKinks: 0`. */
  kinks: number
  readonly alarms: string[]
}

const modes: readonly [name: string, check: typeof gradcheck, options: GradcheckOptions][] = [
  ['gradcheck', gradcheck, {}],
  ['fast mode', gradcheck, { fastMode: true }],
  ['gradgradcheck', gradgradcheck, {}],
]

/**
 * Checks ops of the table, which are right, at arguments where many are not smooth: at 0, next to it,
 * at whole numbers and at ties; and programs of them where they are.
 */
export function falseAlarms(count: number, seed: number): Outcome {
  const outcome: Outcome = { checks: 0, poles: 0, kinks: 0, alarms: [] }
  const ops = programOps()
  for (let n = 0; n < count; n++) {
    const draw = uniform(seed * 1_000_003 + n)
    const pick = (below: number): number => Math.floor(draw() * below)
    const program =
      n % 4 === 0
        ? grow(
            Array.from({ length: 4 }, () => ({ op: pick(ops.length), seed: pick(2 ** 31) })),
            ops,
          )
        : atKinks(ops[pick(ops.length)], pick(2 ** 31))
    if (program === null) continue
    const [name, check, options] = modes[pick(modes.length)]
    // By convention, as in PyTorch, x⁰ has no derivatives, of its slope by the exponent neither.
    if (check === gradgradcheck && program.steps.some((step) => step.name === 'pow')) continue
    one(outcome, program, `${name} of case ${n}, seed ${seed}`, (xs, more) =>
      check(program.run, xs, { ...options, ...more }),
    )
  }
  return outcome
}

type Check = (inputs: Tensor[], options: GradcheckOptions) => boolean

function one(outcome: Outcome, program: Program, name: string, check: Check): void {
  const inputs = [...program.inputs]
  // An op that has nothing to do returns its argument.
  if (inputs.length === 0 || program.run(...inputs).length === 0) return
  const [out, pullback] = vjp(program.run, ...inputs)
  const found = pullback(out.map((y) => y.mul(0).add(1)) as Tensor[])
  if (![...out, ...found].every((x) => x.data.every(Number.isFinite))) {
    outcome.poles++
    return
  }
  outcome.checks++
  try {
    check(inputs, { maxKinks: 0 })
  } catch (error) {
    const atKink = error instanceof GradcheckError && error.reason === 'kinks'
    if (atKink && check(inputs, { maxKinks: 1_000, raiseException: false })) outcome.kinks++
    else outcome.alarms.push(`${name}: ${(error as Error).message}\n${program.code()}`)
  }
}

/** One op at arguments that are often special; null where it refuses them. */
function atKinks(fn: TableEntry, seed: number): Program | null {
  const pool: Pool = { inputs: [], steps: [], values: [] }
  const { name, samples } = fn.entry
  const args = samples(new SpecialSampler(pool, uniform(seed), ORDERS.has(name)))
  try {
    const result = noGrad(() => fn(...(args as never[])))
    return new Program(pool.inputs, [...pool.steps, { name, fn, args, result }])
  } catch (error) {
    if (error instanceof GradtapeError) return null
    throw error
  }
}

/**
 * Where three elements or more tie in an order, moving one alone tells nothing of the slopes that they have
 * together, so that their ties are pairs.
 */
const ORDERS = new Set(['sort', 'topk', 'median'])

/** Draws inputs of which many elements are at kinks of some function, or next to one, or equal. */
class SpecialSampler extends PoolSampler {
  readonly #inputs: Tensor[]
  readonly #next: () => number
  readonly #inPairs: boolean

  constructor(pool: Pool, draw: () => number, inPairs: boolean) {
    super(pool, draw, false)
    this.#inputs = pool.inputs
    this.#next = draw
    this.#inPairs = inPairs
  }

  override real(shape: Shape, domain: Domain = [-3, 3]): Tensor {
    const count = shape.reduce((a, b) => a * b, 1)
    const elements: number[] = []
    for (let i = 0; i < count; i++) elements.push(this.#element(domain, elements))
    const x = tensor(elements, {
      shape: [...shape],
      dtype: 'float64',
      requiresGrad: true,
    }) as Tensor
    this.#inputs.push(x)
    return x
  }

  #element(domain: Domain, before: readonly number[]): number {
    const [low, high] = domain
    const plain = this.number(domain)
    if (this.#next() < 0.4) return plain
    if (this.#inPairs) return before.length % 2 === 1 ? before.at(-1)! : plain
    const whole = Math.round(plain)
    const near = whole + this.pick([-1, 1]) * 10 ** -this.int(2, 9)
    const special = this.pick([0, whole, near, before[0] ?? plain, before.at(-1) ?? plain])
    return special > low && special < high ? special : plain
  }
}

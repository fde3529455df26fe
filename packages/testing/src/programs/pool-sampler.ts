import {
  tensor,
  type Domain,
  type Key,
  type Sampler,
  type Shape,
  type Tensor,
} from '@gradtape/core'
import { drawKeys } from '../keys.ts'
import { opTable, type TableEntry } from '../properties/table.ts'
import type { Step } from './program.ts'

/** The largest number of elements of a tensor that is drawn, and its longest dim. */
const LARGEST = 12
const LONGEST = 4

/** How often a tensor is one that is there, when one is that fits. */
const REUSED = 0.85

/** What a program consists of while it grows. */
export interface Pool {
  readonly inputs: Tensor[]
  readonly steps: Step[]
  /** The float64 inputs and results. */
  readonly values: Tensor[]
}

/**
 * Draws the arguments of an op from a pool: tensors are results before it where one can be made to fit,
 * by steps of their own, and new inputs else.
 */
export class PoolSampler implements Sampler {
  readonly #pool: Pool
  readonly #draw: () => number
  readonly #distinct: boolean

  /** @param distinct whether the op wants elements that differ from each other. */
  constructor(pool: Pool, draw: () => number, distinct: boolean) {
    this.#pool = pool
    this.#draw = draw
    this.#distinct = distinct
  }

  shape(least = 0, most: number = Math.max(3, least)): Shape {
    const fitting = this.#pool.values.filter(
      ({ ndim, numel }) => ndim >= least && ndim <= most && numel > 0,
    )
    if (fitting.length > 0 && this.#draw() < REUSED) return this.pick(fitting.slice(-4)).shape
    const shape = Array.from({ length: this.int(least, most) }, () => this.int(1, LONGEST))
    while (shape.reduce((a, b) => a * b, 1) > LARGEST) {
      const longest = shape.indexOf(Math.max(...shape))
      shape[longest] = shape[longest]! - 1
    }
    return shape
  }

  filled(least?: number, most?: number): Shape {
    return this.shape(least, most)
  }

  broadcastable(shape: Shape): Shape {
    const kept = shape.map((size) => (this.#draw() < 0.3 ? 1 : size))
    return kept.slice(this.#draw() < 0.3 ? this.int(0, kept.length) : 0)
  }

  int(low: number, high: number): number {
    return low + Math.floor(this.#draw() * (high - low + 1))
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)]!
  }

  number([low, high]: Domain = [-3, 3]): number {
    return low + (high - low) * (0.02 + 0.96 * this.#draw())
  }

  real(shape: Shape, domain: Domain = [-3, 3]): Tensor {
    const values = this.#pool.values.slice(-6)
    if (values.length > 0 && this.#draw() < REUSED) {
      const found = this.#fitting(this.pick(values), shape, domain)
      if (found !== null) return found
    }
    const count = shape.reduce((a, b) => a * b, 1)
    const order = Array.from({ length: count }, (_, i) => [this.#draw(), i] as const)
    const rank = order.toSorted((a, b) => a[0] - b[0]).map(([, i]) => i)
    const [low, high] = domain
    // In places of their own, so that no two are near each other.
    const data = rank.map((place) => {
      return low + ((high - low) * (place + 0.2 + 0.6 * this.#draw())) / count
    })
    const x = tensor(data, { shape: [...shape], dtype: 'float64', requiresGrad: true }) as Tensor
    this.#pool.inputs.push(x)
    this.#pool.values.push(x)
    return x
  }

  index(shape: Shape, below: number): Tensor {
    return this.#constant(shape, 'int32', () => this.int(0, below - 1))
  }

  keys(shape: Shape): readonly Key[] {
    return drawKeys(this, shape)
  }

  mask(shape: Shape): Tensor {
    return this.#constant(shape, 'bool', () => this.int(0, 1))
  }

  #constant(shape: Shape, dtype: 'int32' | 'bool', element: () => number): Tensor {
    const count = shape.reduce((a, b) => a * b, 1)
    return tensor(Array.from({ length: count }, element), { shape: [...shape], dtype }) as Tensor
  }

  /** `x` made to have this shape and to lie in the domain, if that goes; by steps, which stay. */
  #fitting(x: Tensor, shape: Shape, [low, high]: Domain): Tensor | null {
    const count = shape.reduce((a, b) => a * b, 1)
    if (x.numel === 0 || count === 0) return null
    const steps: Step[] = []
    const take = (name: string, ...args: unknown[]): Tensor => {
      const fn = opTable().get(name)!
      const result = fn(...(args as never[]))
      steps.push({ name, fn, args, result })
      return result as Tensor
    }
    let y = x
    if (String(x.shape) !== String(shape)) {
      const times = Math.ceil(count / x.numel)
      if (x.ndim !== 1) y = take('reshape', y, [-1])
      if (times > 1) y = take('repeat', y, [times])
      if (y.numel > count) y = take('narrow', y, 0, 0, count)
      if (shape.length !== 1) y = take('reshape', y, [...shape])
    }
    const margin = 0.02 * (high - low)
    const inside = y.data.every((v) => v >= low + margin && v <= high - margin)
    if (!inside) {
      y = take('sigmoid', y)
      y = take('mul', y, 0.9 * (high - low))
      y = take('add', y, low + 0.05 * (high - low))
    }
    if (this.#distinct && nearest(y.data) < 1e-3) return null
    this.#pool.steps.push(...steps)
    return y
  }
}

/** How near two of the numbers come to each other. */
function nearest(numbers: Iterable<number>): number {
  const sorted = Float64Array.from(numbers).sort()
  let least = Infinity
  for (let i = 1; i < sorted.length; i++) least = Math.min(least, sorted[i]! - sorted[i - 1]!)
  return least
}

/** What programs are made of: ops of the table with gradients that make new tensors. */
export function programOps(table: ReadonlyMap<string, TableEntry> = opTable()): TableEntry[] {
  return [...table.values()].filter(
    ({ entry }) => entry.differentiable && entry.kind !== 'update' && entry.kind !== 'random',
  )
}

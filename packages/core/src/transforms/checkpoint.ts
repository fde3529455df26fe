import { GradientError } from '../errors.ts'
import { observeHost, type HostObserver } from '../host.ts'
import { Layout } from '../layout.ts'
import {
  apply,
  checkFunction,
  everyHandler,
  withHandlers,
  withHandler,
  type Handler,
  type Op,
} from '../op.ts'
import { RandomGenerator, type RandomGeneratorState } from '../random/generator.ts'
import { keepValues, recorder, withKeeper, type Keeper, type Kept } from '../record.ts'
import { sameShape, showShape, type Shape } from '../shape.ts'
import { outsideOfPass, SMALL, Storage } from '../storage.ts'
import { Tensor } from '../tensor.ts'
import { isGradEnabled, type Synchronous } from './modes.ts'
import { mapTree, treeLeaves } from './tree.ts'
import { checkOutput } from './vjp.ts'

/**
 * Calls `f(...args)` and keeps none of the values that a backward pass needs: the backward pass
 * computes them again when it comes to them, by calling `f` once more. Memory for time; results and
 * gradients are the same. A network of n layers, cut into √n pieces of √n layers each, holds the
 * values of 2√n layers at a time instead of n (T. Chen et al., Training deep nets with sublinear
 * memory cost, 2016).
 *
 * Tensors among `args`, in arrays and plain objects too, and tensors that `f` uses from outside, a
 * layer's parameters for instance, get their gradients. Random numbers of the generators repeat, and
 * so does dropout; those of a `RandomState` don't. Checkpoints may be nested and differentiated to
 * any order. Where a transform other than the tape is at work (forward mode, say), and where no
 * gradients are recorded, `f` is simply called.
 *
 * What `f` does besides, such as writing in place into a tensor from outside, it does twice.
 *
 * @returns what `f` returns: a tensor, or arrays and plain objects of them.
 * @throws {GradientError} when `f` returns no tensor, or a promise; in the backward pass, before
 * anything is accumulated, when `f` does not compute what it computed before, or when a tensor that
 * it reads was changed in place.
 *
 * @example
 * ```ts
 * import { checkpoint, tensor } from '@gradtape/core'
 *
 * const x = tensor([1, 2], { requiresGrad: true })
 * const y = checkpoint((a) => a.mul(3).square(), x)
 * y.sum().backward()
 * console.log(x.grad) // → tensor([18., 36.])
 * ```
 */
export function checkpoint<A extends readonly unknown[], R>(
  f: ((...args: A) => R) & Synchronous<R>,
  ...args: A
): R {
  checkFunction('checkpoint', f)
  const recorded =
    isGradEnabled() && everyHandler((one) => one === recorder || one instanceof Watch)
  return recorded ? new Segment(f, args).forward(args) : checkOutput('checkpoint', f(...args))
}

/** What one op did, as far as another run must do the same. */
interface Step {
  readonly name: string
  readonly shape: Shape
  /** Of the tensors that it read. */
  readonly versions: readonly number[]
}

/** Tells of every op that runs. */
class Watch implements Handler {
  readonly #tell: (step: Step) => void

  constructor(tell: (step: Step) => void) {
    this.#tell = tell
  }

  handle<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): Tensor {
    // A running statistic is written by every run, and only moved by it.
    const versions = op.kind === 'update' ? [] : inputs.map((x) => x.storage.version)
    const out = apply(op, inputs, attributes)
    this.#tell({ name: op.name, shape: out.shape, versions })
    return out
  }
}

/** Where generators stood when they were first used; null for one that was seeded first. */
type Positions = Map<RandomGenerator, RandomGeneratorState | null>

/** Notes where generators stand before they move. */
function noting(positions: Positions): HostObserver {
  return {
    read(owner) {
      if (!(owner instanceof RandomGenerator) || positions.has(owner)) return
      // First, as asking for the state reads it.
      positions.set(owner, null)
      positions.set(owner, owner.getState())
    },
    update(owner) {
      if (owner instanceof RandomGenerator && !positions.has(owner)) positions.set(owner, null)
    },
  }
}

function moveTo(positions: Positions): void {
  for (const [generator, state] of positions) if (state !== null) generator.setState(state)
}

/** Stands for tensors whose values are not kept. */
const hollow = new Tensor(Storage.allocate('bool', 0), Layout.contiguous([0]))

/** A call whose residuals are computed again when they are asked for. */
class Segment<A extends readonly unknown[], R> implements Keeper {
  readonly #f: (...args: A) => R
  /** The arguments but for their tensors; and those, unless a checkpoint around this one has them. */
  readonly #form: A
  readonly #tensors: Kept
  readonly #steps: Step[] = []
  readonly #positions: Positions = new Map()
  #complete = false
  /** How many values have been saved, and those of them that are here. */
  #count = 0
  #values: (Tensor | null)[] = []

  constructor(f: (...args: A) => R, args: A) {
    this.#f = f
    this.#form = mapTree(args, () => hollow)
    const tensors = treeLeaves(args)
    // What is kept keeps no small neighbours alive.
    for (const { storage } of tensors) if (storage.length <= SMALL) storage.own()
    this.#tensors = keepValues(tensors)
  }

  forward(args: A): R {
    const watch = new Watch((step) => this.#steps.push(step))
    const run = (): R => checkOutput('checkpoint', this.#f(...args))
    const result = observeHost(noting(this.#positions), () =>
      withKeeper(this, () => withHandler(watch, run)),
    )
    this.#complete = true
    return result
  }

  keep({ length }: readonly Tensor[]): () => readonly Tensor[] {
    const from = this.#count
    this.#count += length
    return () => this.#take(from, from + length)
  }

  /** Values are handed out once, so that they go as the sweep goes; then they are computed again. */
  #take(from: number, to: number): readonly Tensor[] {
    if (!this.#values[from]) this.#recompute()
    const taken = this.#values.slice(from, to) as Tensor[]
    this.#values.fill(null, from, to)
    return taken
  }

  #recompute(): void {
    const kept = this.#tensors
    const tensors = typeof kept === 'function' ? kept(null) : kept
    let next = 0
    const args = mapTree(this.#form, () => tensors[next++])
    const values: Tensor[] = []
    const collector: Keeper = {
      keep(saved) {
        // Off this run's tape, which is dropped.
        values.push(...saved.map(({ storage, layout }) => new Tensor(storage, layout)))
        return saved
      },
    }
    let done = 0
    const watch = new Watch((step) => this.#compare(step, done++))
    const before: Positions = new Map(
      [...this.#positions.keys()].map((generator) => [generator, generator.getState()]),
    )
    try {
      moveTo(this.#positions)
      observeHost(noting(before), () =>
        withKeeper(collector, () =>
          withHandlers([recorder, watch], () => outsideOfPass(() => this.#f(...args))),
        ),
      )
    } finally {
      moveTo(before)
    }
    const [steps, count] = [this.#steps.length, this.#count]
    const missing = done < steps || values.length < count
    if (missing || (this.#complete && values.length > count)) {
      throw changed(
        `${steps} operations that saved ${count} values`,
        `${done} and ${values.length}`,
      )
    }
    this.#values = values
  }

  #compare(seen: Step, at: number): void {
    const known = this.#steps[at]
    if (known === undefined) {
      // A gradient that is taken within f asks for values before all steps are known.
      if (this.#complete) throw changed(`${at} operations`, 'more')
      return
    }
    if (known.name !== seen.name || !sameShape(known.shape, seen.shape)) {
      throw changed(showStep(known), showStep(seen))
    }
    if (known.versions.some((version, i) => version !== seen.versions[i])) {
      throw new GradientError(
        `checkpoint: a tensor that ${seen.name} reads was changed in place between the forward pass and the backward pass, ` +
          'which computes from it again; change a clone() instead, or change it after backward',
      )
    }
  }
}

function showStep({ name, shape }: Step): string {
  return `${name} of shape ${showShape(shape)}`
}

function changed(before: string, now: string): GradientError {
  return new GradientError(
    `checkpoint: the forward pass computed ${before}, the backward pass, which calls the function again, ${now}; ` +
      'the function must do the same each time, and modes such as training must not change in between',
  )
}

import { isReal } from './dtype.ts'
import { GradientError } from './errors.ts'
import { Lifted } from './lifted.ts'
import {
  apply,
  everyHandler,
  isObserved,
  OUT,
  type Handler,
  type Op,
  type Rule,
  type RuleContext,
} from './op.ts'
import { tick, type Hook, type Node, type Pending, type SumOf } from './tape.ts'
import { Tensor, zerosOf } from './tensor.ts'

/** What one input's rule kept, and in which version. */
interface Residual<A> extends RuleContext<A> {
  readonly rule: Rule<A>
  readonly saved: Kept
  /** null where all are 0, as they are of what was never changed. */
  readonly versions: readonly number[] | null
}

/** Says which call of a backward pass it was. */
type CallNote = () => string

let noteCall: (() => CallNote) | null = null
let sweepCall: CallNote | null = null

/** Runs `f` while backward passes are noted by `note`, so that what they free can name them. */
export function notingCalls<R>(note: () => CallNote, f: () => R): R {
  const outer = noteCall
  noteCall = note
  try {
    return f()
  } finally {
    noteCall = outer
  }
}

/** Runs a sweep, noted if somebody notes. */
export function noted(sweep: () => void): void {
  const outer = sweepCall
  sweepCall = noteCall?.() ?? null
  try {
    sweep()
  } finally {
    sweepCall = outer
  }
}

/** An op on the tape. */
export class OpNode<A> implements Node<Tensor> {
  readonly order: number = tick()
  pending: Pending<Tensor> | null = null
  hooks: readonly Hook<Tensor>[] | null = null
  /** The output, if its gradient is to be kept, too. */
  retained: Tensor | null = null
  readonly inputs: readonly (Node<Tensor> | null)[]
  readonly op: Op<A>
  #residuals: readonly (Residual<A> | null)[] | null
  #freedBy: CallNote | null = null

  constructor(
    op: Op<A>,
    inputs: readonly (Node<Tensor> | null)[],
    residuals: readonly (Residual<A> | null)[],
  ) {
    this.op = op
    this.inputs = inputs
    this.#residuals = residuals
  }

  pull(
    ct: Tensor,
    only: ReadonlySet<Node<Tensor>> | undefined,
    sumOf: SumOf<Tensor>,
  ): readonly (Tensor | null)[] {
    const residuals = this.#residuals
    if (residuals === null) throw this.#freed()
    const cts = new Array<Tensor | null>(residuals.length)
    for (let i = 0; i < residuals.length; i++) {
      const residual = residuals[i]!
      const input = this.inputs[i]
      cts[i] = null
      if (residual === null || (only !== undefined && !only.has(input!))) continue
      const { rule } = residual
      const saved = this.#restore(residual)
      const inPlace = rule.addTo !== undefined && !isObserved()
      const sum = inPlace ? sumOf(input!, () => zerosOf(ct.dtype, residual.shape)) : null
      if (sum === null) cts[i] = rule.pull(ct, saved, residual, cts)
      else rule.addTo!(sum, ct, saved, residual)
    }
    return cts
  }

  release(): void {
    this.#residuals = null
    this.#freedBy = sweepCall
  }

  /** The values kept for the backward pass, as far as they are. */
  kept(): readonly Tensor[] {
    return (this.#residuals ?? []).flatMap((residual) =>
      residual === null || typeof residual.saved === 'function' ? [] : residual.saved,
    )
  }

  #restore({ saved: kept, versions }: Residual<A>): readonly Tensor[] {
    const saved = typeof kept === 'function' ? kept(this) : kept
    for (let k = 0; k < saved.length; k++) {
      const then = versions === null ? 0 : versions[k]!
      if (saved[k]!.storage.version !== then) {
        throw new GradientError(
          `backward: ${this.op.name} saved a tensor of shape [${saved[k]!.shape.join(', ')}] for its gradient, ` +
            `and it has been changed in place since (version ${then} then, ${saved[k]!.storage.version} now); ` +
            'change a clone() instead, or change it after backward',
        )
      }
    }
    return saved
  }

  #freed(): GradientError {
    const call = this.#freedBy?.() ?? 'an earlier backward pass through it'
    return new GradientError(
      `backward: the values that ${this.op.name} saved were freed by ${call}; ` +
        'pass { retainGraph: true } to that pass, or run the forward pass again' +
        (this.#freedBy === null
          ? ' (under detectAnomaly(() => …) it is said which pass it was)'
          : ''),
    )
  }
}

/** The handler that writes differentiable ops onto the tape. */
export const recorder: Handler = {
  handle<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): Tensor {
    let needed = false
    for (let i = 0; i < inputs.length; i++) if (inputs[i]!.node !== null) needed = true
    if (!needed) return apply(op, inputs, attributes)
    if (op.kind === 'update') throw inPlaceError(op, inputs)
    const out = apply(op, inputs, attributes)
    if (!isReal(out.dtype)) return out

    const count = inputs.length
    const nodes = new Array<Node<Tensor> | null>(count)
    const residuals = new Array<Residual<A> | null>(count)
    let differentiable = false
    for (let i = 0; i < count; i++) {
      const input = inputs[i]!
      const rule = input.node === null ? null : op.rule(i, attributes)
      nodes[i] = rule === null ? null : input.node
      residuals[i] = rule === null ? null : keep(rule, inputs, out, input, attributes)
      differentiable ||= rule !== null
    }
    if (differentiable) out.node = new OpNode(op, nodes, residuals)
    return out
  },
}

/** Whether there are other handlers, which may keep what passes by. */
export function isWatched(): boolean {
  return !everyHandler(isRecorder)
}

const isRecorder = (handler: Handler): boolean => handler === recorder

const none: readonly never[] = []

function keep<A>(
  rule: Rule<A>,
  inputs: readonly Tensor[],
  out: Tensor,
  input: Tensor,
  attributes: A,
): Residual<A> {
  const { saves } = rule
  const { shape } = input.layout
  const { dtype } = input.storage
  if (saves.length === 0) return { rule, saved: none, versions: null, attributes, shape, dtype }
  const saved = new Array<Tensor>(saves.length)
  let versions: number[] | null = null
  for (let k = 0; k < saves.length; k++) {
    const value = saves[k] === OUT ? out : inputs[saves[k]!]!
    saved[k] = value
    const { version } = value.storage
    if (version !== 0) (versions ??= new Array<number>(saves.length).fill(0))[k] = version
  }
  return { rule, saved: keepValues(saved, saves), versions, attributes, shape, dtype }
}

/** Values, or how to get them again; an op's own output then stands at the node of that op. */
export type Kept = readonly Tensor[] | ((own: Node<Tensor> | null) => readonly Tensor[])

/** Decides what is kept in place of values that the tape saves: themselves, or how to get them. */
export interface Keeper {
  keep(values: readonly Tensor[]): readonly Tensor[] | (() => readonly Tensor[])
}

let keeper: Keeper | null = null

/** Runs `f` while `next` decides what the tape keeps; for null it keeps values themselves. */
export function withKeeper<R>(next: Keeper | null, f: () => R): R {
  const outer = keeper
  keeper = next
  try {
    return f()
  } finally {
    keeper = outer
  }
}

/** Keeps values as the keeper wants it; without one, themselves. */
export function keepValues(values: readonly Tensor[], saves: readonly number[] = none): Kept {
  // What stands for each of a batch has no meaning in another run.
  if (keeper === null || values.some((x) => x.storage instanceof Lifted)) return values
  const kept = keeper.keep(values)
  if (typeof kept !== 'function') return kept
  // The places on the tape stay, so that what is computed from a restored value is differentiable.
  const nodes = values.map((x) => x.node)
  return (own) => kept().map((x, k) => placed(x, saves[k] === OUT ? own : nodes[k]!))
}

function placed({ storage, layout }: Tensor, node: Node<Tensor> | null): Tensor {
  const x = new Tensor(storage, layout)
  x.node = node
  return x
}

function inPlaceError<A>(op: Op<A>, inputs: readonly Tensor[]): GradientError {
  const [target] = inputs
  const what =
    target!.node === null
      ? 'a value that requires gradients would be written into a tensor that does not'
      : target!.isLeaf
        ? 'the tensor is a leaf that requires gradients'
        : 'the tensor is part of a recorded computation'
  return new GradientError(
    `${op.name}: cannot change a tensor of shape [${target!.shape.join(', ')}] in place while gradients are recorded: ` +
      `${what}; do it inside noGrad(() => …), or use the op that makes a new tensor`,
  )
}

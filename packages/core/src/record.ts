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
import { showShape } from './shape.ts'
import { tick, type Hook, type Node, type Pending, type Walk } from './tape.ts'
import { Tensor, zerosOf } from './tensor.ts'

/** The way to an input, with what its rule kept, and in which version. */
interface RuleEdge<A> extends RuleContext<A> {
  readonly node: Node<Tensor>
  readonly next: RuleEdge<A> | null
  readonly rule: Rule<A>
  /** null once it was freed. */
  saved: Kept | null
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
export function noted<A extends unknown[]>(sweep: (...args: A) => void, ...args: A): void {
  const outer = sweepCall
  sweepCall = noteCall?.() ?? null
  try {
    sweep(...args)
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
  readonly edges: RuleEdge<A> | null
  readonly op: Op<A>
  #freedBy: CallNote | null = null

  constructor(op: Op<A>, edges: RuleEdge<A>) {
    this.op = op
    this.edges = edges
  }

  pull(ct: Tensor, walk: Walk<Tensor>, visit: object): void {
    for (let edge = this.edges; edge !== null; edge = edge.next) {
      const { node, rule } = edge
      if (!walk.wants(node)) continue
      const saved = restore(this, edge)
      let sum: Tensor | null = null
      if (rule.addTo !== undefined && !isObserved()) {
        const { shape } = edge
        const { dtype } = ct
        sum = walk.sumOf(node, () => zerosOf(dtype, shape))
      }
      if (sum === null) walk.send(node, rule.pull(ct, saved, edge, visit))
      else rule.addTo!(sum, ct, saved, edge)
    }
  }

  release(): void {
    for (let edge = this.edges; edge !== null; edge = edge.next) edge.saved = null
    this.#freedBy = sweepCall
  }

  /** What is thrown where a value would be needed that was freed. */
  freed(): GradientError {
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

/** The values that a rule saved. */
function restore<A>(own: OpNode<A>, { saved: kept, versions }: RuleEdge<A>): readonly Tensor[] {
  if (kept === null) throw own.freed()
  const saved = typeof kept === 'function' ? kept(own) : kept
  for (let k = 0; k < saved.length; k++) {
    const then = versions?.[k] ?? 0
    const { version } = saved[k]!.storage
    if (version !== then) {
      throw new GradientError(
        `backward: ${own.op.name} saved a tensor of shape ${showShape(saved[k]!.shape)} for its gradient, ` +
          `and it has been changed in place since (version ${then} then, ${version} now); ` +
          'change a clone() instead, or change it after backward',
      )
    }
  }
  return saved
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

    let edges: RuleEdge<A> | null = null
    for (let i = inputs.length - 1; i >= 0; i--) {
      const input = inputs[i]!
      const rule = input.node === null ? null : op.rule(i, attributes)
      if (rule !== null) edges = edgeTo(input, edges, rule, inputs, out, attributes)
    }
    if (edges !== null) out.node = new OpNode(op, edges)
    return out
  },
}

/** Whether there are other handlers, which may keep what passes by. */
export function isWatched(): boolean {
  return !everyHandler(isRecorder)
}

const isRecorder = (handler: Handler): boolean => handler === recorder

const none: readonly never[] = []

const versionOf = (x: Tensor): number => x.storage.version

function edgeTo<A>(
  input: Tensor,
  next: RuleEdge<A> | null,
  rule: Rule<A>,
  inputs: readonly Tensor[],
  out: Tensor,
  attributes: A,
): RuleEdge<A> {
  const { saves } = rule
  const { shape } = input.layout
  const { dtype } = input.storage
  let saved: Kept = none
  let versions: readonly number[] | null = null
  if (saves.length > 0) {
    const values = new Array<Tensor>(saves.length)
    let changed = false
    for (let k = 0; k < saves.length; k++) {
      const value = saves[k] === OUT ? out : inputs[saves[k]!]!
      values[k] = value
      changed ||= value.storage.version !== 0
    }
    saved = keepValues(values, saves)
    if (changed) versions = values.map(versionOf)
  }
  return { node: input.node!, next, rule, saved, versions, attributes, shape, dtype }
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

import { GradientError, ValueError } from './errors.ts'
import type { DType } from './dtype.ts'
import { showValue, type Shape } from './shape.ts'
import type { Tensor } from './tensor.ts'

/** The families of ops; what holds for a family is written once, in its module under `kinds`. */
export type Kind =
  | 'elementwise'
  | 'reduction'
  | 'contraction'
  | 'structural'
  | 'indexing'
  | 'creation'
  | 'random'
  | 'update'
  | 'custom'

/** Names the op's own output among what a rule saves. */
export const OUT = -1

/** What a rule knows besides the cotangent and what it saved. */
export interface RuleContext<A> {
  /** The op's. */
  readonly attributes: A
  /** The input whose cotangent is asked for. */
  readonly shape: Shape
  readonly dtype: DType
}

/** How a cotangent is pulled back to one input. */
export interface Rule<A> {
  /** The inputs (or {@link OUT}) whose values `pull` needs. */
  readonly saves: readonly number[]
  /** `visit` is one object for all inputs of the op while a sweep visits it, and another next time. */
  pull(ct: Tensor, saved: readonly Tensor[], context: RuleContext<A>, visit?: object): Tensor
  /**
   * Adds the same to a sum in place, where nobody watches: for rules whose cotangents are zero but for a few
   * elements.
   */
  addTo?(sum: Tensor, ct: Tensor, saved: readonly Tensor[], context: RuleContext<A>): void
}

/** A primitive operation as the engine sees it. */
export interface Op<A = unknown> {
  readonly name: string
  readonly kind: Kind
  /** Computes the output; knows nothing of gradients. */
  forward(inputs: readonly Tensor[], attributes: A): Tensor
  /** The rule for the i-th input; null for an op without derivatives. Written in tensor ops. */
  rule(i: number, attributes: A): Rule<A> | null
  /**
   * The part of the output's tangent that comes from the tangent of the i-th input; null for an op
   * without derivatives. Written in tensor ops.
   */
  push: Push<A>
  /** How it runs over a batch; null for an op without inputs. */
  readonly batch: Batching<A> | null
  /** How many of its inputs, the first ones, it changes; none unless given. */
  readonly writes?: number
}

export type Push<A> = (
  this: Op<A>,
  i: number,
  tangent: Tensor,
  inputs: readonly Tensor[],
  out: Tensor,
  attributes: A,
) => Tensor | null

/** How an op that is linear in each input pushes: it takes the tangent in that input's place. */
export const linearly: Push<any> = function (i, tangent, inputs, _, attributes) {
  return apply(this, inputs.with(i, tangent), attributes)
}

/**
 * How an op runs over a batch of examples, which some of its inputs carry as a dimension 0 that the
 * op, applied to one example, doesn't see: at once, one after the other, or, for a reason, not at all.
 */
export type Batching<A> = AtOnce<A> | 'each' | { readonly refused: string }

interface AtOnce<A> {
  /**
   * What is made of the inputs: `'all'` carry the batch, or those that carry it get sizes of 1 behind
   * it, so that inputs which `'broadcast'` to each other still do.
   */
  readonly inputs: 'all' | 'broadcast'
  /** The attributes for inputs with one more dimension, of `size`, in front. */
  readonly attributes: (attributes: A, size: number) => A
}

/** Every input carries the batch, and the attributes count dimensions from the second one on. */
export function over<A>(attributes: (attributes: A, size: number) => A): Batching<A> {
  return { inputs: 'all', attributes }
}

/** The inputs broadcast, and no attribute names a dimension. */
export const broadcasting: Batching<any> = {
  inputs: 'broadcast',
  attributes: (attributes: unknown) => attributes,
}

/** A rule that uses the values of `saves`, and, by its type, of nothing else. */
export function using<const I extends readonly number[], A>(
  saves: I,
  pull: (ct: Tensor, saved: { readonly [K in keyof I]: Tensor }, context: RuleContext<A>) => Tensor,
): Rule<A> {
  return { saves, pull: pull as Rule<A>['pull'] }
}

/** Watches, or takes over, every op that passes {@link apply} while it is on the stack. */
export interface Handler {
  /** Where ops above it see tensors that those below it don't: `x` as one of those. */
  lift?(x: Tensor): Tensor
  /** Carries out the op, usually by `apply`, which here leads to the handlers below. */
  handle<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): Tensor
}

interface Frame {
  readonly handler: Handler
  readonly below: Frame | null
}

let top: Frame | null = null

/** The one door: every op that runs, for whatever reason, passes here. */
export function apply<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): Tensor {
  const frame = top
  if (frame === null) return op.forward(inputs, attributes)
  top = frame.below
  try {
    return frame.handler.handle(op, inputs, attributes)
  } finally {
    top = frame
  }
}

/** Whether an op that is applied now would pass any handler. */
export function isObserved(): boolean {
  return top !== null
}

/** Runs `f` with `handler` on top of the stack. */
export function withHandler<R>(handler: Handler, f: () => R): R {
  return withFrames({ handler, below: top }, f)
}

/**
 * Runs `f` with `handler` nowhere on the stack, or only not `'above'` where tensors part: not where it
 * would see the tensors of this level.
 */
export function withoutHandler<R>(handler: Handler, f: () => R, where?: 'above'): R {
  return withFrames(without(top, handler, where), f)
}

/** Runs `f` with these handlers and no others on the stack, the last of them on top. */
export function withHandlers<R>(handlers: readonly Handler[], f: () => R): R {
  let frames: Frame | null = null
  for (const handler of handlers) frames = { handler, below: frames }
  return withFrames(frames, f)
}

/** Puts `handler` at the bottom of the stack, for good. */
export function install(handler: Handler): void {
  top = { handler, below: null }
}

/** Whether `handler` would see the tensors of an op that is applied now. */
export function isActive(handler: Handler): boolean {
  for (let frame = top; frame !== null && !frame.handler.lift; frame = frame.below) {
    if (frame.handler === handler) return true
  }
  return false
}

/** `x` as a tensor that no handler below the place where tensors part has seen; itself where none do. */
export function lifted(x: Tensor): Tensor {
  for (let frame = top; frame !== null; frame = frame.below) {
    if (frame.handler.lift) return frame.handler.lift(x)
  }
  return x
}

/** Whether all handlers on the stack are such. */
export function everyHandler(such: (handler: Handler) => boolean): boolean {
  for (let frame = top; frame !== null; frame = frame.below) {
    if (!such(frame.handler)) return false
  }
  return true
}

function without(frame: Frame | null, handler: Handler, where?: 'above'): Frame | null {
  if (frame === null || (where === 'above' && frame.handler.lift)) return frame
  const below = without(frame.below, handler, where)
  if (frame.handler === handler) return below
  return below === frame.below ? frame : { handler: frame.handler, below }
}

function withFrames<R>(frames: Frame | null, f: () => R): R {
  const before = top
  top = frames
  try {
    return f()
  } finally {
    top = before
  }
}

/** @throws {ValueError} naming `where` when a callback is none. */
export function checkFunction(where: string, f: unknown): void {
  if (typeof f !== 'function') {
    throw new ValueError(
      `${where}: expected a function, as in ${where}(() => …), got ${showValue(f)}`,
    )
  }
}

/** @throws {GradientError} naming `where` when a callback returned a promise. */
export function refusePromise<R>(where: string, result: R): R {
  if (typeof (result as { then?: unknown } | null | undefined)?.then === 'function') {
    throw new GradientError(
      `${where}: the callback returned a promise, but what it awaits would run outside of ${where}; ` +
        'await first and pass a synchronous callback',
    )
  }
  return result
}

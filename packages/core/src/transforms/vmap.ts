import { GradientError, ShapeError, ValueError } from '../errors.ts'
import { checkOptions } from '../kinds/entry.ts'
import { expandTo } from '../kinds/spread.ts'
import { concatenateAlong, permuteBy, reshapeTo, sliceOf } from '../kinds/structural.ts'
import { checkUnshared } from '../kinds/update.ts'
import { lift, Lifted } from '../lifted.ts'
import { apply, checkFunction, withHandler, type Handler, type Op } from '../op.ts'
import { recorder } from '../record.ts'
import { broadcastShapes, normalizeDim, showShape, showValue } from '../shape.ts'
import { isTensor, type Tensor } from '../tensor.ts'
import type { IsDynamic } from '../types/shape.ts'
import { isGradEnabled, type Synchronous } from './modes.ts'
import { isBranch, mapTree } from './tree.ts'
import { checkOutput } from './vjp.ts'

/** What random ops do inside of vmap. */
type Randomness = 'error' | 'same' | 'different'

/**
 * One level of batching: above it, a tensor that carries the batch is one example of each; below it,
 * the batch is a dimension 0. Each op is asked by its `batch` how it runs over that.
 */
class Level implements Handler {
  readonly #size: number
  readonly #randomness: Randomness

  constructor(size: number, randomness: Randomness) {
    this.#size = size
    this.#randomness = randomness
  }

  handle<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): Tensor {
    if (op.kind === 'random') return this.#draw(op, attributes)
    const seen = inputs.map((x) => this.#below(x))
    if (seen.every((x) => x === null)) return apply(op, inputs, attributes)
    const inner = inputs.map((x, i) => seen[i]?.inner ?? x)
    const carries = seen.map((x) => x?.carries ?? false)
    const writes = op.writes ?? 0
    const batched = carries.includes(true)
    if (batched) for (let i = 0; i < writes; i++) checkTarget(op.name, inner[i]!, carries[i]!)
    const out = batched
      ? this.#overBatch(op, inner, carries, attributes)
      : apply(op, inner, attributes)
    return writes > 0 ? inputs[0]! : lift(out, batched, this)
  }

  lift(x: Tensor): Tensor {
    return this.#below(x) === null ? lift(x, false, this) : x
  }

  /** The tensor that stands for one example of each. */
  give(examples: Tensor): Tensor {
    return lift(examples, true, this)
  }

  /** What `x`, as seen at this level, is below it, and whether that differs between examples. */
  take(x: Tensor): { readonly inner: Tensor; readonly carries: boolean } {
    return this.#below(x) ?? { inner: x, carries: false }
  }

  /** `x` with a dimension of the batch in front. */
  spread(x: Tensor): Tensor {
    return expandTo(x, [this.#size, ...x.shape])
  }

  #below({ storage }: Tensor): Lifted | null {
    return storage instanceof Lifted && storage.level === this ? storage : null
  }

  #overBatch<A>(
    op: Op<A>,
    inputs: readonly Tensor[],
    carries: readonly boolean[],
    attributes: A,
  ): Tensor {
    const { batch } = op
    if (batch === 'each') return this.#oneByOne(op, inputs, carries, attributes)
    if (batch === null || 'refused' in batch) throw new ValueError(`vmap: ${batch?.refused}`)
    const shapes = inputs.map(({ shape }, i) => (carries[i] ? shape.slice(1) : shape))
    // Checked here, so that the error is about the shapes of one example.
    if (op.kind === 'elementwise') {
      shapes.reduce((all, shape) => broadcastShapes(op.name, all, shape))
    }
    const rank = Math.max(...shapes.map((shape) => shape.length))
    const given = inputs.map((x, i) => {
      if (batch.inputs === 'all') return carries[i] ? x : this.spread(x)
      return carries[i] ? raised(x, rank) : x
    })
    return apply(op, given, batch.attributes(attributes, this.#size))
  }

  #draw<A>(op: Op<A>, attributes: A): Tensor {
    switch (this.#randomness) {
      case 'same':
        return apply(op, [], attributes)
      case 'different': {
        const { batch } = op as { batch: { attributes: (a: A, size: number) => A } }
        return this.give(apply(op, [], batch.attributes(attributes, this.#size)))
      }
      case 'error':
        throw new ValueError(
          "vmap: the function draws random numbers; pass { randomness: 'different' } to vmap for numbers of each example's own, or 'same'",
        )
    }
  }

  #oneByOne<A>(
    op: Op<A>,
    inputs: readonly Tensor[],
    carries: readonly boolean[],
    attributes: A,
  ): Tensor {
    if (this.#size === 0) {
      throw new ShapeError(
        `vmap: ${op.name} is called for one example after the other, and a batch of none doesn't tell the shape of its result`,
      )
    }
    const outs = Array.from({ length: this.#size }, (_, start) => {
      const example = inputs.map((x, i) => {
        if (!carries[i]) return x
        return reshapeTo(sliceOf(x, { dim: 0, start, length: 1, step: 1 }), x.shape.slice(1))
      })
      const out = apply(op, example, attributes)
      return reshapeTo(out, [1, ...out.shape])
    })
    return concatenateAlong(outs, 0)
  }
}

/** Sizes of 1 behind the batch, so that each example has `rank` dims. */
function raised(batch: Tensor, rank: number): Tensor {
  const [size, ...shape] = batch.shape
  const added = rank - shape.length
  return reshapeTo(batch, [size!, ...Array<number>(added).fill(1), ...shape])
}

/** @throws {GradientError} when there is one target for all examples. */
function checkTarget(name: string, target: Tensor, carries: boolean): void {
  if (!carries) {
    throw new GradientError(
      `${name}: inside of vmap a tensor of shape ${showShape(target.shape)} that all examples share can't take a value for each of them; ` +
        'use the op that makes a new tensor',
    )
  }
  checkUnshared(name, target)
}

/** A dim, null for none, or a tree of them. */
export type MapDims = number | null | readonly MapDims[] | { readonly [key: string]: MapDims }

export interface VmapOptions<I extends MapDims = 0, O extends MapDims = 0> {
  /**
   * Along which dim of each argument its examples stand; null for arguments that are the same for
   * all. One for all arguments, or a list with one for each; in place of one for a tree, a tree of
   * them. 0 unless given.
   */
  readonly inDims?: I
  /** Along which dim of each result the examples are put: one, or a tree of them. 0 unless given. */
  readonly outDims?: O
  /**
   * What drawing random numbers does: throws, or draws the `'same'` for all examples, or
   * `'different'` ones for each. `'error'` unless given, as what is meant can't be guessed.
   */
  readonly randomness?: Randomness
}

/** `T` with a dim more in each tensor, along the dim `D`; its size is not known. */
export type Batched<T, D> = D extends null
  ? T
  : T extends Tensor<infer S>
    ? D extends 0
      ? IsDynamic<S> extends true
        ? Tensor
        : Tensor<[number, ...S]>
      : Tensor
    : T extends object
      ? { -readonly [K in keyof T]: Batched<T[K], D extends object ? D[K & keyof D] : D> }
      : T

/** Arguments with a dim more, along the dims `D`. */
export type BatchedArgs<A extends readonly unknown[], D> = {
  [I in keyof A]: Batched<A[I], D extends readonly unknown[] ? D[I & keyof D] : D>
}

/**
 * Makes of `f`, which is written for one example, the function over a batch of them: each op runs
 * once for the whole batch. Arguments and value may be tensors, or arrays and plain objects of them;
 * what the function uses from outside is the same for all examples. It nests with itself and with
 * every other transform: `vmap(grad(f))` gives the gradient of each example.
 *
 * The function can't look at elements (by `item()`, say, or in an `if`), as it runs once for all; nor
 * can it change in place what the examples share. A `customOp` is called for one after the other.
 *
 * @throws {ShapeError} when a tensor has no such dim, or the examples are not as many in all.
 * @throws {ValueError} when nothing is mapped, `inDims` or `outDims` don't have the form of arguments
 * or value, the function reads elements, draws random numbers without `randomness`, or picks by a
 * mask that differs between examples, so that they would have results of different shapes.
 * @throws {GradientError} when `f` returns no tensor, or a promise, or writes in place into a tensor
 * that all examples share.
 *
 * @example
 * ```ts
 * import { grad, tensor, vmap, type Tensor } from '@gradtape/core'
 *
 * const loss = (w: Tensor, x: Tensor) => w.dot(x).square()
 * const perExample = vmap(grad(loss), { inDims: [null, 0] })
 * console.log(perExample(tensor([1, 2]), tensor([[1, 0], [0, 1], [1, 1]])))
 * // → tensor([[2., 0.],
 * //           [0., 4.],
 * //           [6., 6.]])
 * ```
 */
export function vmap<A extends any[], R, const I extends MapDims = 0, const O extends MapDims = 0>(
  f: ((...args: A) => R) & ((...args: A) => Synchronous<R>),
  options: VmapOptions<I, O> = {},
): (...args: BatchedArgs<A, I>) => Batched<R, O> {
  checkFunction('vmap', f)
  const { inDims = 0, outDims = 0, randomness = 'error' } = checkOptions('vmap', options)
  if (!['error', 'same', 'different'].includes(randomness)) {
    throw new ValueError(
      `vmap: expected randomness 'error', 'same' or 'different', got ${showValue(randomness)}`,
    )
  }
  return (...args) => {
    const mapped: { x: Tensor; dim: number }[] = []
    mapDims('inDims', args, inDims, (x, dim) => {
      if (dim !== null) mapped.push({ x, dim: checkDim(x, dim) })
      return x
    })
    const level = new Level(sizeOf(mapped), randomness)
    const given = mapDims('inDims', args, inDims, (x, dim) =>
      dim === null ? x : level.give(moved(x, normalizeDim('vmap', dim, x.ndim), 0)),
    )
    const run = (): R => checkOutput('vmap', f(...(given as unknown as A)))
    const recording = isGradEnabled()
    const out = withHandler(level, () => (recording ? withHandler(recorder, run) : run()))
    return mapDims('outDims', out, outDims, (y, dim) => {
      const { inner, carries } = level.take(y)
      if (dim !== null) {
        const examples = carries ? inner : level.spread(inner)
        return moved(examples, 0, normalizeDim('vmap: outDims', dim, examples.ndim))
      }
      if (!carries) return inner
      throw new ValueError(
        `vmap: outDims is null for a result of shape ${showShape(y.shape)} that differs between examples; give it a dim`,
      )
    }) as Batched<R, O>
  }
}

/** Replaces every tensor of a tree by what `f` makes of it and of its dim in `dims`. */
function mapDims<T>(
  where: 'inDims' | 'outDims',
  tree: T,
  dims: unknown,
  f: (x: Tensor, dim: number | null) => Tensor,
): T {
  if (dims === null || typeof dims === 'number') return mapTree(tree, (x) => f(x, dims))
  const keys = isBranch(tree) ? Object.keys(tree) : null
  if (
    !isBranch(dims) ||
    Array.isArray(dims) !== Array.isArray(tree) ||
    keys?.join() !== Object.keys(dims).join()
  ) {
    const form =
      keys === null || isTensor(tree)
        ? 'one dim'
        : Array.isArray(tree)
          ? `one dim, or a list of ${keys.length}`
          : `one dim, or an object with the keys ${keys.join(', ')}`
    throw new ValueError(
      `vmap: expected ${form} in ${where}, where a dim is a number or null, got ${showDims(dims)}`,
    )
  }
  const parts = keys!.map((key) => mapDims(where, (tree as any)[key], dims[key], f))
  if (Array.isArray(tree)) return parts as T
  return Object.fromEntries(keys!.map((key, i) => [key, parts[i]])) as T
}

function showDims(dims: unknown): string {
  if (Array.isArray(dims)) return `a list of ${dims.length}`
  return isBranch(dims)
    ? `an object with the keys ${Object.keys(dims).join(', ')}`
    : showValue(dims)
}

function checkDim(x: Tensor, dim: number): number {
  if (x.ndim === 0) {
    throw new ShapeError(
      'vmap: a 0-d tensor has no dim to map over; say null for it in inDims if all examples share it',
    )
  }
  return normalizeDim('vmap: inDims', dim, x.ndim)
}

/** The size of the batch. */
function sizeOf(mapped: readonly { readonly x: Tensor; readonly dim: number }[]): number {
  const sizes = mapped.map(({ x, dim }) => x.shape[dim]!)
  if (sizes.length === 0) {
    throw new ValueError(
      'vmap: there is nothing to map over; among the arguments must be a tensor with a dim in inDims',
    )
  }
  if (sizes.some((size) => size !== sizes[0])) {
    const seen = mapped.map(({ x, dim }, i) => `${sizes[i]} (dim ${dim} of ${showShape(x.shape)})`)
    throw new ShapeError(
      `vmap: the batch must be of one size in all arguments, got ${seen.join(', ')}; what all examples share has null in inDims`,
    )
  }
  return sizes[0]!
}

/** Dim `from` in place `to`. */
function moved(x: Tensor, from: number, to: number): Tensor {
  if (from === to) return x
  const dims = x.shape.map((_, d) => d).filter((d) => d !== from)
  return permuteBy(x, dims.toSpliced(to, 0, from))
}

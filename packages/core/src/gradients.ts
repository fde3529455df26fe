import { computeDType } from './dtype.ts'
import { DTypeError, GradientError, ShapeError } from './errors.ts'
import { clone } from './kinds/cast.ts'
import { checkOptions, checkTensor } from './kinds/entry.ts'
import { fullOf } from './kinds/creation.ts'
import { constantOf } from './kinds/structural.ts'
import { LeafNode, noticeForgotten } from './leaf.ts'
import { Lifted } from './lifted.ts'
import { isObserved, withoutHandler } from './op.ts'
import { add } from './ops/arithmetic.ts'
import { add_ } from './ops/inplace.ts'
import { isWatched, noted, OpNode, recorder } from './record.ts'
import { sameShape, showShape } from './shape.ts'
import { supply } from './storage.ts'
import { between, sweep, type Accumulate, type Node } from './tape.ts'
import { isTensor, type Tensor } from './tensor.ts'
import type { ShapeOf } from './types/shape.ts'
import { enableGrad } from './transforms/modes.ts'

export interface BackwardOptions {
  /** Keeps what the tape saved, for another backward pass; as `createGraph` unless given. */
  readonly retainGraph?: boolean
  /** Records the backward pass itself, so that gradients can be differentiated; false unless given. */
  readonly createGraph?: boolean
  /** Accumulates into these leaves only; into all unless given. */
  readonly inputs?: Tensor | readonly Tensor[]
}

type Seed = readonly [Node<Tensor>, Tensor]

/** See `Tensor.backward`. */
export function backward(
  output: Tensor,
  gradient: Tensor | undefined,
  options: BackwardOptions = {},
): void {
  if (gradient !== undefined && isOptions(gradient)) {
    throw new GradientError(
      'backward: the gradient comes first, options second: backward(undefined, { retainGraph: true })',
    )
  }
  const {
    createGraph = false,
    retainGraph = createGraph,
    inputs,
  } = checkOptions('backward', options)
  if (output.storage instanceof Lifted) {
    throw new GradientError(
      'backward: inside of vmap there is no place for the gradients of several examples; use gradients(), or vmap(grad(f))',
    )
  }
  const seed = seedOf('backward', output, gradient)
  const targets = inputs && new Set(listOf(inputs).map((x) => targetOf('backward', x)))
  if (targets?.size === 0) {
    throw new GradientError('backward: inputs is empty; leave it out to reach all leaves')
  }
  for (const node of targets ?? []) {
    if (!(node instanceof LeafNode)) {
      throw new GradientError('backward: inputs must be leaves; use gradients() for inner values')
    }
  }
  let forgotten: readonly (readonly [Tensor, Tensor])[] | null = null
  const pass = (): void => {
    // Nothing is written before the whole sweep has gone well.
    const reached: (readonly [Tensor, Tensor])[] = []
    const only = targets && between([seed[0]], targets)
    run([seed], createGraph, retainGraph, only, (node, ct) => {
      // A leaf that was switched off since takes no gradient.
      const tensor = node instanceof OpNode ? node.retained : (node as LeafNode).tensor
      if (tensor?.node != null) reached.push([tensor, ct])
    })
    for (const [tensor] of reached) checkGrad(tensor)
    for (const [tensor, ct] of reached) {
      const { node, gradient: before } = tensor
      if (node instanceof LeafNode && node.note(before === null)) forgotten = reached
      if (createGraph)
        tensor.grad = enableGrad(() => (before === null ? clone(ct) : add(before, ct)))
      else if (before === null) tensor.gradient = handOver(ct)
      // What the user has set may be on a tape, or a view that can't be written to.
      else if (before.node !== null || !before.layout.isContiguous) tensor.grad = add(before, ct)
      else add_(before, ct)
      tensor.gradient!.storage.given = true
    }
  }
  if (supply === null || createGraph) pass()
  else supply.during(pass)
  // Whoever is told may look at gradients, so not before the pass has ended.
  if (forgotten !== null)
    noticeForgotten((forgotten as [Tensor, Tensor][]).map(([{ node }]) => node))
}

function isOptions(x: unknown): boolean {
  return typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype
}

/** @throws {GradientError} when the user gave a leaf a `grad` that nothing can be added to. */
function checkGrad({ gradient: grad, shape, dtype }: Tensor): void {
  if (grad === null) return
  if (!isTensor(grad) || !sameShape(grad.shape, shape) || grad.dtype !== dtype) {
    const seen = isTensor(grad)
      ? `a tensor of shape ${showShape(grad.shape)} and dtype ${grad.dtype}`
      : String(grad)
    throw new GradientError(
      `backward: the grad of a leaf of shape ${showShape(shape)} and dtype ${dtype} was set to ${seen}; set it to null to clear it`,
    )
  }
}

export interface GradientsOptions {
  /** The outputs' cotangents; ones for outputs of one element unless given. */
  readonly gradOutputs?: Tensor | readonly (Tensor | null | undefined)[]
  /** Records the pass itself, so that the results can be differentiated; false unless given. */
  readonly createGraph?: boolean
  /** Keeps what the tape saved, for another pass; as `createGraph` unless given. */
  readonly retainGraph?: boolean
  /** Gives null for inputs that the outputs don't depend on, instead of throwing; false unless given. */
  readonly allowUnused?: boolean
}

/** One gradient for each input, of its shape; `Unused` stands for those that none reaches. */
export type GradientsOf<I, Unused> = I extends Tensor
  ? [Tensor<ShapeOf<I>> | Unused]
  : { -readonly [K in keyof I]: Tensor<ShapeOf<I[K]>> | Unused }

/**
 * The gradients of `outputs` (their sum, weighted by `gradOutputs`) with respect to `inputs`, leaves
 * or inner values; nothing is accumulated. PyTorch's `autograd.grad`.
 *
 * @returns one gradient for each input, of its shape; null for unused ones with `allowUnused`.
 * @throws {GradientError} when an output or input requires no gradient, an output of several
 * elements has no cotangent, an input is unused, or the tape was freed by an earlier pass.
 */
export function gradients<const I extends Tensor | readonly Tensor[]>(
  outputs: Tensor | readonly Tensor[],
  inputs: I,
  options: GradientsOptions & { readonly allowUnused: true },
): GradientsOf<I, null>
export function gradients<const I extends Tensor | readonly Tensor[]>(
  outputs: Tensor | readonly Tensor[],
  inputs: I,
  options?: GradientsOptions,
): GradientsOf<I, never>
export function gradients(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradientsOptions = {},
): unknown {
  const {
    gradOutputs,
    createGraph = false,
    retainGraph = createGraph,
    allowUnused = false,
  } = checkOptions('gradients', options)
  const ys = listOf(outputs)
  const cts = gradOutputs === undefined ? [] : listOf(gradOutputs)
  if (gradOutputs !== undefined && cts.length !== ys.length) {
    throw new GradientError(
      `gradients: ${cts.length} gradOutputs for ${ys.length} outputs; give one for each`,
    )
  }
  const seeds = ys.map((y, i) => seedOf('gradients', y, cts[i] ?? undefined))
  const wanted = listOf(inputs).map((x) => targetOf('gradients', x))
  const found = new Map<Node<Tensor>, Tensor>()
  const targets = new Set(wanted)
  const only = between(
    seeds.map(([node]) => node),
    targets,
  )
  const unused = wanted.findIndex((node) => !only.has(node))
  if (!allowUnused && unused >= 0) {
    throw new GradientError(
      `gradients: the outputs do not depend on input ${unused}; pass { allowUnused: true } to get null for it`,
    )
  }
  run(seeds, createGraph, retainGraph, only, (node, ct) => {
    if (targets.has(node)) found.set(node, ct)
  })
  return wanted.map((node) => {
    const ct = found.get(node)
    if (ct === undefined || createGraph) return ct ?? null
    const gradient = handOver(ct)
    gradient.storage.own()
    return gradient
  })
}

function listOf<T>(x: T | readonly T[]): readonly T[] {
  return Array.isArray(x) ? (x as readonly T[]) : [x as T]
}

function run(
  seeds: readonly Seed[],
  createGraph: boolean,
  retain: boolean,
  only: ReadonlySet<Node<Tensor>> | undefined,
  visit: (node: Node<Tensor>, ct: Tensor) => void,
): void {
  const go = (): void => noted(sweep, seeds, accumulate, { retain, visit, only })
  if (createGraph) enableGrad(go)
  else withoutHandler(recorder, go, 'above')
}

const accumulate: Accumulate<Tensor> = (sum, ct, ours) =>
  ours && !isObserved() ? add_(sum, ct) : add(sum, ct)

function seedOf(where: string, output: Tensor, gradient: Tensor | undefined): Seed {
  const { node } = checkTensor(where, output)
  if (node === null) {
    throw new GradientError(
      `${where}: the tensor of shape ${showShape(output.shape)} is not on the tape: it was not computed from tensors ` +
        'that require gradients, or under noGrad, or it was detached',
    )
  }
  if (gradient === undefined) {
    if (output.numel !== 1) {
      throw new GradientError(
        `${where}: an output of shape ${showShape(output.shape)} needs a gradient of that shape; without one it must be a scalar: take .sum() or .mean() first`,
      )
    }
    return [node, fullOf(output.shape, 1, computeDType(output.dtype))]
  }
  if (!sameShape(checkTensor(where, gradient).shape, output.shape)) {
    throw new ShapeError(
      `${where}: the gradient has shape ${showShape(gradient.shape)}, the output ${showShape(output.shape)}; they must be equal`,
    )
  }
  const dtype = computeDType(output.dtype)
  if (gradient.dtype !== dtype) {
    throw new DTypeError(
      `${where}: the gradient has dtype ${gradient.dtype}, the output ${output.dtype}; convert it with .to('${dtype}')`,
    )
  }
  gradient.storage.given = true
  return [node, gradient]
}

function targetOf(where: string, x: Tensor): Node<Tensor> {
  const { node } = checkTensor(where, x)
  if (node === null) {
    throw new GradientError(
      `${where}: an input of shape ${showShape(x.shape)} does not require gradients; make it with { requiresGrad: true }`,
    )
  }
  return node
}

/**
 * A cotangent as the user is handed it. Cotangents may share memory (both inputs of a sum get the
 * same one), but what users hold must not, as it may be changed in place: memory is given away
 * once, and copied afterwards.
 */
function handOver(ct: Tensor): Tensor {
  const { storage, layout } = ct
  if (!storage.given && layout.isContiguous && storage.length === layout.numel) {
    storage.given = true
    return ct.node === null ? ct : constantOf(ct)
  }
  return withoutHandler(recorder, () => clone(ct), 'above')
}

/**
 * The gradient of a leaf, for an optimizer that has done with it when it returns: memory of gradients that
 * only optimizers have seen is written again by the next ones.
 */
export function gradientOf<T extends Tensor>(x: T): T['grad'] {
  return isWatched() ? x.grad : x.gradient
}

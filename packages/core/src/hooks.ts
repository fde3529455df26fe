import { DTypeError, GradientError, ShapeError } from './errors.ts'
import { checkFunction, refusePromise } from './op.ts'
import { OpNode } from './record.ts'
import { sameShape, showShape, showValue } from './shape.ts'
import type { Hook, Node } from './tape.ts'
import { outsideOfPass } from './storage.ts'
import { isTensor, type Tensor } from './tensor.ts'

/** Takes a hook off its tensor. */
export interface HookHandle {
  /** The hook is not called any more; a second call does nothing. */
  remove(): void
}

/** What a hook returns: another gradient of the same shape and dtype, or nothing to leave it. */
export type GradientHook = (gradient: Tensor) => Tensor | void

/** See `Tensor.registerHook`. */
export function registerHook(x: Tensor, fn: GradientHook): HookHandle {
  checkFunction('registerHook', fn)
  const node = nodeOf('registerHook', x)
  const hook: Hook<Tensor> = (ct) => {
    // The hook may keep it, so nothing may be written into its memory any more.
    ct.storage.given = true
    const found: unknown = refusePromise(
      'registerHook',
      outsideOfPass(() => fn(ct)),
    )
    if (found === undefined) return ct
    checkLike(found, ct)
    found.storage.given = true
    return found
  }
  node.hooks = [...(node.hooks ?? []), hook]
  return {
    remove() {
      const left = node.hooks?.filter((one) => one !== hook) ?? []
      node.hooks = left.length === 0 ? null : left
    },
  }
}

/** See `Tensor.retainGrad`. */
export function retainGrad(x: Tensor): void {
  const node = nodeOf('retainGrad', x)
  if (node instanceof OpNode) node.retained = x
}

function nodeOf(where: string, { node, shape }: Tensor): Node<Tensor> {
  if (node === null) {
    throw new GradientError(
      `${where}: a tensor of shape ${showShape(shape)} that requires no gradient gets none; make it with { requiresGrad: true }, or compute it from one that does`,
    )
  }
  return node
}

function checkLike(found: unknown, { shape, dtype }: Tensor): asserts found is Tensor {
  const isOne = isTensor(found)
  const fits = isOne && sameShape(found.shape, shape)
  if (fits && found.dtype === dtype) return
  const seen = isOne ? `shape ${showShape(found.shape)} and dtype ${found.dtype}` : showValue(found)
  throw new (fits ? DTypeError : isOne ? ShapeError : GradientError)(
    `registerHook: the hook must return nothing, or a gradient of shape ${showShape(shape)} and dtype ${dtype}, as it was given, got ${seen}`,
  )
}

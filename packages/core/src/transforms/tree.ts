import { computeDType } from '../dtype.ts'
import { DTypeError, GradientError, ShapeError } from '../errors.ts'
import { sameShape, showShape, showValue } from '../shape.ts'
import { isTensor, type Tensor } from '../tensor.ts'

/** A tensor, or arrays and plain objects of them, nested freely. */
export type Tree = Tensor | readonly Tree[] | { readonly [key: string]: Tree }

/** Replaces every tensor of a tree; what is no tensor, array or plain object stays as it is. */
export function mapTree<T>(tree: T, f: (x: Tensor) => unknown): T {
  if (isTensor(tree)) return f(tree) as T
  if (Array.isArray(tree)) return tree.map((part: unknown) => mapTree(part, f)) as T
  if (isPlain(tree)) {
    const entries = Object.entries(tree).map(([key, part]) => [key, mapTree(part, f)] as const)
    return Object.fromEntries(entries) as T
  }
  return tree
}

/** The tensors of a tree, in order. */
export function treeLeaves(tree: unknown): Tensor[] {
  const found: Tensor[] = []
  mapTree(tree, (x) => {
    found.push(x)
    return x
  })
  return found
}

/** `tree` with these in place of its tensors, in order. */
export function withLeaves<T>(tree: T, leaves: readonly unknown[]): T {
  let next = 0
  return mapTree(tree, () => leaves[next++])
}

/**
 * The tensors of `tree`, which is like `model`: of the same form, shapes and dtypes.
 * @throws {GradientError | ShapeError | DTypeError} naming `where` and the place when it is not.
 */
export function leavesLike(where: string, model: unknown, tree: unknown): Tensor[] {
  if (isTensor(model)) {
    const { shape } = model
    const dtype = computeDType(model.dtype)
    const found = isTensor(tree)
    if (found && tree.dtype === dtype && sameShape(tree.shape, shape)) return [tree]
    const ErrorType = !found ? GradientError : tree.dtype === dtype ? ShapeError : DTypeError
    const seen = found
      ? `one of shape ${showShape(tree.shape)} and dtype ${tree.dtype}`
      : showValue(tree)
    throw new ErrorType(
      `${where}: expected a tensor of shape ${showShape(shape)} and dtype ${dtype}, as its counterpart is, got ${seen}`,
    )
  }
  if (isBranch(model)) {
    const keys = Object.keys(model)
    if (
      !isBranch(tree) ||
      Array.isArray(tree) !== Array.isArray(model) ||
      Object.keys(tree).length !== keys.length
    ) {
      const what = Array.isArray(model) ? 'an array of' : 'an object with the keys'
      throw new GradientError(
        `${where}: expected ${what} ${Array.isArray(model) ? keys.length : keys.join(', ')}, as its counterpart is, got ${showValue(tree)}`,
      )
    }
    return keys.flatMap((key) => leavesLike(`${where}[${key}]`, model[key], tree[key]))
  }
  if (Object.is(model, tree)) return []
  throw new GradientError(
    `${where}: expected ${showValue(model)}, as what is no tensor stays as it is, got ${showValue(tree)}`,
  )
}

/** Whether `x` is an array or a plain object. */
export function isBranch(x: unknown): x is Record<string, unknown> {
  return Array.isArray(x) || (isPlain(x) && !isTensor(x))
}

function isPlain(x: unknown): x is Record<string, unknown> {
  if (typeof x !== 'object' || x === null) return false
  const prototype: unknown = Object.getPrototypeOf(x)
  return prototype === Object.prototype || prototype === null
}

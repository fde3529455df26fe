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

function isPlain(x: unknown): x is Record<string, unknown> {
  if (typeof x !== 'object' || x === null) return false
  const prototype: unknown = Object.getPrototypeOf(x)
  return prototype === Object.prototype || prototype === null
}

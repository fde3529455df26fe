/**
 * Products of matrices and vectors: dims that two tensors share are multiplied and summed over. Floats
 * and int32; dtypes promote.
 *
 * @example
 * ```ts
 * import { ones, tensor } from '@gradtape/core'
 *
 * const a = tensor([[1, 2], [3, 4]])
 * const v = tensor([1, 10])
 *
 * console.log(a.matmul(a))
 * // → tensor([[ 7., 10.],
 * //           [15., 22.]])
 * console.log(a.matmul(v), v.matmul(a)) // → tensor([21., 43.]) tensor([31., 42.])
 * console.log(ones([5, 1, 2, 3]).matmul(ones([4, 3, 6])).shape) // → [ 5, 4, 2, 6 ]
 * console.log(v.dot(v)) // → tensor(101.)
 * console.log(a.mm(a).shape) // → [ 2, 2 ]
 * console.log(ones([5, 2, 3]).bmm(ones([5, 3, 4])).shape) // → [ 5, 2, 4 ]
 * console.log(v.outer(tensor([1, 2, 3])))
 * // → tensor([[ 1.,  2.,  3.],
 * //           [10., 20., 30.]])
 * ```
 */
import { ShapeError } from '../errors.ts'
import { matrixProduct } from '../kinds/contraction.ts'
import { checkTensor, entry, type Entry } from '../kinds/entry.ts'
import { reshapeTo } from '../kinds/structural.ts'
import { showShape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import type { Dots, MatMul, Multiplies } from '../types/products.ts'
import type { ShapeOf } from '../types/shape.ts'
import { mul } from './arithmetic.ts'

/** `a.matmul(b)`. */
export interface Contraction extends Entry<ContractionMethod> {
  <T extends Tensor, X extends Tensor>(
    a: T,
    b: X & Multiplies<ShapeOf<T>, X>,
  ): Tensor<MatMul<ShapeOf<T>, ShapeOf<X>>>
}

interface ContractionMethod {
  <T extends Tensor, X extends Tensor>(
    this: T,
    other: X & Multiplies<ShapeOf<T>, X>,
  ): Tensor<MatMul<ShapeOf<T>, ShapeOf<X>>>
}

/**
 * Matrix product, `out[i][j] = Σₖ a[i][k] · b[k][j]`, by PyTorch's rules: of vectors a dot product,
 * of a matrix and a vector a vector, of matrices a matrix; leading dimensions are a batch, and
 * broadcast. dtypes promote, where PyTorch refuses. Small products are summed in float64 and rounded once, large
 * ones in the dtype itself.
 * @shapes [k] · [k] → []; [m, k] · [k] → [m]; [k] · [k, n] → [n]; [m, k] · [k, n] → [m, n]; […, m,
 * k] · […, k, n] → […, m, n], where … broadcasts.
 * @throws {ShapeError} when the inner dimensions differ or an operand is 0-d.
 * @throws {DTypeError} for bool tensors, or what is no tensor.
 */
export const matmul: Contraction = entry(
  {
    name: 'matmul',
    kind: 'contraction',
    samples: (g) => {
      const [m, k, n] = [g.int(0, 3), g.int(1, 3), g.int(1, 3)]
      const batch = g.pick([[], [2], [3, 1], [1, 2]])
      const [left, right] = g.pick([
        [[k], [k]],
        [[m, k], [k]],
        [[k], [...batch, k, n]],
        [
          [...batch, m, k],
          [k, n],
        ],
        [
          [...batch, m, k],
          [...g.broadcastable(batch), k, n],
        ],
      ])
      return [g.real(left!), g.real(right!)]
    },
  },
  (a: Tensor, b: Tensor): Tensor => {
    checkTensor('matmul', a)
    checkTensor('matmul', b)
    const inner = a.shape.at(-1)
    if (inner === undefined || inner !== b.shape.at(b.ndim === 1 ? 0 : -2)) {
      throw new ShapeError(
        `matmul: shapes ${showShape(a.shape)} and ${showShape(b.shape)} don't multiply: ` +
          (a.ndim === 0 || b.ndim === 0
            ? 'both need at least one dimension; use mul for a scalar'
            : "the last dimension of the first must equal the second's last but one (for a vector, its only one); is a transpose (.T) missing?"),
      )
    }
    return matrixProduct('matmul', a, b)
  },
)

interface DotMethod {
  <T extends Tensor, X extends Tensor>(this: T, other: X & Dots<ShapeOf<T>, X>): Tensor<[]>
}

/** `a.dot(b)`. */
export interface Dot extends Entry<DotMethod> {
  <T extends Tensor, X extends Tensor>(a: T, b: X & Dots<ShapeOf<T>, X>): Tensor<[]>
}

/** A product of operands of so many dims, which are all that it takes. */
function strict<E>(name: string, dims: 1 | 2 | 3, expected: string): E {
  return entry(
    {
      name,
      kind: 'contraction',
      samples: (g) => {
        const [s, m, k, n] = [g.int(0, 2), g.int(0, 3), g.int(0, 3), g.int(1, 3)]
        const right = { 1: [k], 2: [k, n], 3: [s, k, n] }
        return [g.real([s, m, k].slice(-dims)), g.real(right[dims])]
      },
    },
    (a: Tensor, b: Tensor): Tensor => {
      const [left, right] = [checkTensor(name, a).shape, checkTensor(name, b).shape]
      if (
        left.length !== dims ||
        right.length !== dims ||
        left[dims - 1] !== right[Math.max(0, dims - 2)] ||
        (dims === 3 && left[0] !== right[0])
      ) {
        throw new ShapeError(
          `${name}: expected ${expected}, got shapes ${showShape(left)} and ${showShape(right)}; use matmul for others`,
        )
      }
      return matrixProduct(name, a, b)
    },
  )
}

/**
 * Sum of the products of two vectors' elements, `Σᵢ a[i] · b[i]`.
 * @shapes [n] · [n] → [].
 * @throws {ShapeError} unless both have one dimension, of the same size.
 * @throws {DTypeError} for bool tensors, or what is no tensor.
 */
export const dot: Dot = strict('dot', 1, 'two vectors of one size')

/**
 * Product of two matrices, `out[i][j] = Σₖ a[i][k] · b[k][j]`; {@link matmul} takes other shapes
 * too.
 * @shapes [m, k] · [k, n] → [m, n].
 * @throws {ShapeError} unless both are matrices whose inner sizes are equal.
 * @throws {DTypeError} for bool tensors, or what is no tensor.
 */
export const mm: Contraction = strict('mm', 2, 'shapes [m, k] and [k, n]')

/**
 * Products of the matrices of two batches; {@link matmul} broadcasts batches.
 * @shapes [b, m, k] · [b, k, n] → [b, m, n].
 * @throws {ShapeError} unless both have three dims, with equal batch and inner sizes.
 * @throws {DTypeError} for bool tensors, or what is no tensor.
 */
export const bmm: Contraction = strict('bmm', 3, 'shapes [b, m, k] and [b, k, n]')

/** `a.outer(b)`. */
export interface Outer extends Entry<OuterMethod> {
  <T extends Tensor, X extends Tensor>(a: T, b: X): Tensor<[...ShapeOf<T>, ...ShapeOf<X>]>
}

interface OuterMethod {
  <T extends Tensor, X extends Tensor>(this: T, other: X): Tensor<[...ShapeOf<T>, ...ShapeOf<X>]>
}

/**
 * The products of each element of a vector with each of another: `out[i][j] = a[i] · b[j]`.
 * @shapes [m] · [n] → [m, n].
 * @throws {ShapeError} unless both are vectors.
 * @throws {DTypeError} when one is no tensor.
 */
export const outer: Outer = entry(
  {
    name: 'outer',
    kind: 'composed',
    samples: (g) => [g.real([g.int(0, 4)]), g.real([g.int(0, 3)])],
  },
  (a: Tensor, b: Tensor): Tensor => {
    if (checkTensor('outer', a).ndim !== 1 || checkTensor('outer', b).ndim !== 1) {
      throw new ShapeError(
        `outer: expected two vectors, got shapes ${showShape(a.shape)} and ${showShape(b.shape)}; flatten them first`,
      )
    }
    return mul(reshapeTo(a, [a.numel, 1]), b)
  },
)

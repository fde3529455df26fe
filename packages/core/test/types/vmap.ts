import { grad, vmap, zeros, type Tensor } from '../../src/index.ts'
import { is } from './is.ts'

// What vmap knows: one more dimension, whose size is that of the batch.

const x = zeros([5, 3])
const w = zeros([3])
const loss = (a: Tensor<[3]>, b: Tensor<[3]>): Tensor<[]> => a.dot(b)

is<Tensor<[number]>>()(vmap(loss)(x, x))
is<Tensor<[number]>>()(vmap(loss, { inDims: [null, 0] })(w, x))
is<Tensor<[number, 3]>>()(vmap(grad(loss), { inDims: [null, 0] })(w, x))
is<Tensor<[number, number]>>()(vmap(vmap(loss, { inDims: [null, 0] }), { inDims: [0, null] })(x, x))
is<Tensor>()(vmap(loss, { outDims: -1 })(x, x))
is<Tensor<[]>>()(vmap((b: Tensor<[3]>) => zeros([]).mul(b.ndim), { outDims: null })(x))
is<{ a: Tensor<[number, 3]>; b: [Tensor, number] }>()(
  vmap((a: Tensor<[3]>, n: number) => ({ a, b: [a, n] as [Tensor<[3]>, number] }), {
    outDims: { a: 0, b: 1 },
  })(x, 2),
)
is<Tensor>()(vmap((a: Tensor) => a.mul(2))(x as Tensor))

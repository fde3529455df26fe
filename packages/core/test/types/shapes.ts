// What the compiler must accept, with the shapes it must find.
import {
  add,
  amax,
  arange,
  enableGrad,
  eye,
  full,
  grad,
  gradients,
  hessian,
  hvp,
  jacobian,
  jvp,
  linspace,
  matmul,
  max,
  mean,
  noGrad,
  rand,
  randint,
  randperm,
  RandomState,
  stopGradient,
  sub,
  sum,
  tensor,
  valueAndGrad,
  vjp,
  zeros,
  zerosLike,
  type Shape,
  type Tensor,
} from '@gradtape/core'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/** Demands that `x` is of type `T`, no wider and no narrower. */
function is<T>(): <X>(x: X, ...no: Equal<X, T> extends true ? [] : [never]) => void {
  return () => {}
}

declare const n: number
declare const sizes: number[]
declare const flag: boolean
declare const anything: any
declare const unknownShape: Tensor

// Creators keep literals, and widen what is no literal.
const a = zeros([2, 3])
const v = zeros([3])
const batch = rand([5, 2, 3])
is<Tensor<[2, 3]>>()(a)
is<Tensor<[]>>()(zeros([]))
is<Tensor<[number, 3]>>()(zeros([n, 3]))
is<Tensor>()(zeros(sizes))
is<Tensor<[2]>>()(full([2], 1, { dtype: 'int32' }))
is<Tensor<[2]>>()(randint(0, 5, [2]))
is<Tensor<[7]>>()(randperm(7))
is<Tensor<[2, 2]>>()(eye(2))
is<Tensor<[2, 4]>>()(eye(2, 4))
is<Tensor<[5]>>()(linspace(0, 1, 5))
is<Tensor<[number]>>()(arange(5))
is<Tensor<[2, 3]>>()(zerosLike(a))
is<Tensor<[2, 3]>>()(new RandomState(1).rand(2, 3))

// Nested data: how many dimensions, for up to two.
is<Tensor<[]>>()(tensor(1))
is<Tensor<[number]>>()(tensor([1, 2]))
is<Tensor<[number]>>()(tensor([]))
is<Tensor<[number]>>()(tensor([true, 2]))
is<Tensor<[number, number]>>()(tensor([[1, 2], [3, 4]])) // prettier-ignore
is<Tensor>()(tensor([[[1]]]))
is<Tensor>()(tensor(anything))
is<Tensor<[number]>>()(tensor(new Float64Array(3)))
is<Tensor<[number]>>()(tensor(a.data))
is<Tensor<[2, 2]>>()(tensor([1, 2, 3, 4], { shape: [2, 2] }))

// Elementwise ops keep the shape or broadcast it.
is<Tensor<[2, 3]>>()(a.exp().neg().clamp({ min: 0 }).gelu({ approximate: 'tanh' }))
is<Tensor<[2, 3]>>()(a.add(v).mul(2).sub(a))
is<Tensor<[2, 3]>>()(add(v, a))
is<Tensor<[3]>>()(sub(1, v))
is<Tensor<[]>>()(add(1, 2))
is<Tensor<[5, 2, 3]>>()(a.add(batch))
is<Tensor<[2, 3]>>()(zeros([2, 1]).mul(zeros([1, 3])))
is<Tensor<[2, 3]>>()(a.add(zeros([n, 3])))
is<Tensor<[number, 3]>>()(zeros([n, 1]).add(v))
is<Tensor>()(a.add(unknownShape))
is<Tensor>()(unknownShape.relu())
is<Tensor<[2, 3]>>()(a.gt(0).logicalNot().to('float32').double().clone().detach())
is<Tensor<[2, 3]>>()(a.add_(1).copy_(a))
is<Tensor<[2, 3]> | null>()(a.grad)

// Matrix products by all of the rules.
const w = zeros([3, 4])
is<Tensor<[2, 4]>>()(a.matmul(w))
is<Tensor<[2, 4]>>()(matmul(a, w))
is<Tensor<[]>>()(v.matmul(v))
is<Tensor<[4]>>()(v.matmul(w))
is<Tensor<[2]>>()(a.matmul(v))
is<Tensor<[5, 2, 4]>>()(batch.matmul(w))
is<Tensor<[5, 2, 4]>>()(batch.matmul(zeros([5, 3, 4])))
is<Tensor<[7, 5, 2, 4]>>()(zeros([7, 1, 2, 3]).matmul(zeros([5, 3, 4])))
is<Tensor<[number, 4]>>()(zeros([n, 3]).matmul(w))
is<Tensor<[2, 4]>>()(zeros([2, n]).matmul(w))
is<Tensor>()(unknownShape.matmul(w))
is<Tensor<[]>>()(v.dot(v))
is<Tensor<[3, 2]>>()(a.t())

// Reductions over all dims, one, or several, kept or not.
is<Tensor<[]>>()(a.sum())
is<Tensor<[3]>>()(a.sum(0))
is<Tensor<[2]>>()(mean(a, -1))
is<Tensor<[2, 1]>>()(a.amax(1, { keepdim: true }))
is<Tensor<[1, 1]>>()(a.sum({ keepdim: true }))
is<Tensor<[2]>>()(sum(batch, [0, 2]))
is<Tensor<[5]>>()(amax(batch, [-1, 1]))
is<Tensor<[1, 2, 1]>>()(batch.mean([0, -1], { keepdim: true }))
is<Tensor<[5, 2, 3]>>()(batch.sum([]))
is<Tensor>()(a.sum(n))
is<Tensor>()(a.sum(sizes))
is<Tensor>()(unknownShape.sum(0))
is<Tensor<[]>>()(unknownShape.sum())
is<Tensor<[2] | [2, 1]>>()(a.sum(1, { keepdim: flag }))
is<Tensor<[3]>>()(a.var(0, { correction: 0 }))
is<Tensor<[2, 1]>>()(a.std(-1, { keepdim: true }))
is<Tensor<[2]>>()(a.norm(2, 1))
is<Tensor<[2]>>()(a.argmax(1))
is<Tensor<[]>>()(max(a))
is<Tensor<[3]>>()(a.max(0).values)
is<Tensor<[2, 1]>>()(max(a, 1, { keepdim: true }).indices)
is<Tensor<[]>>()(a.median())
is<Tensor<[2]>>()(a.median(1).values)
is<Tensor<[2, 3]>>()(a.sort({ descending: true }).values)
is<Tensor<[2, 3]>>()(a.sort(0).indices)
is<Tensor<[2, 3]>>()(a.cumsum(0).cumprod(-1))
is<Tensor<[2, 3]>>()(a.softmax(-1).logSoftmax(0))

// A shape that is given is the shape; -1 is some number.
is<Tensor<[3, 2]>>()(a.reshape([3, 2]))
is<Tensor<[number, 2]>>()(a.view([-1, 2]))
is<Tensor<[4, 2, 3]>>()(a.expand([4, 2, 3]))
is<Tensor>()(a.reshape(sizes))

// Transforms keep the types of what they differentiate by.
const loss = (x: Tensor<[3]>, y: Tensor<[2]>): Tensor => x.sum().mul(y.sum())
const y = zeros([2])
is<Tensor<[3]>>()(grad(loss)(v, y))
is<Tensor<[2]>>()(grad(loss, { argnums: 1 })(v, y))
is<[Tensor<[2]>, Tensor<[3]>]>()(valueAndGrad(loss, { argnums: [1, 0] })(v, y)[1])
is<Tensor<[2, 3]>>()(noGrad(() => a.mul(2)))
is<Tensor<[3]>>()(jvp((p: typeof v) => p.mul(2), [v], [v])[1])
is<[Tensor<[3]>, Tensor<[2]>]>()(vjp(loss, v, y)[1](zeros([])))
is<[Tensor<[3]>, Tensor<[2]>]>()(hvp(loss, [v, y], [v, y]))
is<Tensor<[2, 3]>>()(jacobian((p: typeof v) => a.matmul(p))(v))
is<{ y: [Tensor<[2, 3, 3]>] }>()(jacobian((p: typeof v) => ({ y: [a.mul(p)] as [typeof a] }))(v))
is<Tensor<[3, 3]>>()(hessian(loss)(v, y))
is<[[Tensor<[3, 3]>, Tensor<[3, 2]>], [Tensor<[2, 3]>, Tensor<[2, 2]>]]>()(
  hessian(loss, { argnums: [0, 1] })(v, y),
)
is<{ a: Tensor<[2, 3]> }>()(stopGradient({ a }))
is<number>()(enableGrad(() => 1))
is<any>()(noGrad(() => anything))
is<never>()(
  noGrad(() => {
    throw new Error('never returns')
  }),
)

// What is known fits where less is asked for, and nowhere else.
export const plain: Tensor = a
export const rows: Tensor<[number, 3]> = a
export const list: Tensor[] = [a, v, tensor(1)]
export const shape: Shape = a.shape
is<readonly [2, 3]>()(a.shape)

// Gradients have their inputs' shapes.
const matrix: Tensor<[2, 3]> = zeros([2, 3])
is<[Tensor<[2, 3]>]>()(gradients(matrix.sum(), matrix))
is<[Tensor<[2, 3]>, Tensor]>()(gradients(matrix.sum(), [matrix, unknownShape]))
is<[Tensor<[2, 3]> | null]>()(gradients(matrix.sum(), matrix, { allowUnused: true }))
declare const parameters: Tensor[]
is<Tensor[]>()(gradients(matrix.sum(), parameters))

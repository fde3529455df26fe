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

import { is, shape, type Exactly } from './is.ts'

declare const n: number
declare const sizes: number[]
declare const flag: boolean
declare const anything: any
declare const unknownShape: Tensor

// Creators keep literals, and widen what is no literal.
const a = zeros([2, 3])
const v = zeros([3])
const batch = rand([5, 2, 3])
shape(a) satisfies Exactly<[2, 3]>
shape(zeros([])) satisfies Exactly<[]>
shape(zeros([n, 3])) satisfies Exactly<[number, 3]>
shape(zeros(sizes)) satisfies Exactly<Shape>
shape(full([2], 1, { dtype: 'int32' })) satisfies Exactly<[2]>
shape(randint(0, 5, [2])) satisfies Exactly<[2]>
shape(randperm(7)) satisfies Exactly<[7]>
shape(eye(2)) satisfies Exactly<[2, 2]>
shape(eye(2, 4)) satisfies Exactly<[2, 4]>
shape(linspace(0, 1, 5)) satisfies Exactly<[5]>
shape(arange(5)) satisfies Exactly<[number]>
shape(zerosLike(a)) satisfies Exactly<[2, 3]>
shape(new RandomState(1).rand(2, 3)) satisfies Exactly<[2, 3]>

// Nested data: how many dimensions, for up to two.
shape(tensor(1)) satisfies Exactly<[]>
shape(tensor([1, 2])) satisfies Exactly<[number]>
shape(tensor([])) satisfies Exactly<[number]>
shape(tensor([true, 2])) satisfies Exactly<[number]>
is<Tensor<[number, number]>>()(tensor([[1, 2], [3, 4]])) // prettier-ignore
shape(tensor([[[1]]])) satisfies Exactly<Shape>
shape(tensor(anything)) satisfies Exactly<Shape>
shape(tensor(new Float64Array(3))) satisfies Exactly<[number]>
shape(tensor(a.data)) satisfies Exactly<[number]>
shape(tensor([1, 2, 3, 4], { shape: [2, 2] })) satisfies Exactly<[2, 2]>

// Elementwise ops keep the shape or broadcast it.
shape(a.exp().neg().clamp({ min: 0 }).gelu({ approximate: 'tanh' })) satisfies Exactly<[2, 3]>
shape(a.add(v).mul(2).sub(a)) satisfies Exactly<[2, 3]>
shape(add(v, a)) satisfies Exactly<[2, 3]>
shape(sub(1, v)) satisfies Exactly<[3]>
shape(add(1, 2)) satisfies Exactly<[]>
shape(a.add(batch)) satisfies Exactly<[5, 2, 3]>
shape(zeros([2, 1]).mul(zeros([1, 3]))) satisfies Exactly<[2, 3]>
shape(a.add(zeros([n, 3]))) satisfies Exactly<[2, 3]>
shape(zeros([n, 1]).add(v)) satisfies Exactly<[number, 3]>
shape(a.add(unknownShape)) satisfies Exactly<Shape>
shape(unknownShape.relu()) satisfies Exactly<Shape>
shape(a.gt(0).logicalNot().to('float32').double().clone().detach()) satisfies Exactly<[2, 3]>
shape(a.add_(1).copy_(a)) satisfies Exactly<[2, 3]>
is<Tensor<[2, 3]> | null>()(a.grad)

// Matrix products by all of the rules.
const w = zeros([3, 4])
shape(a.matmul(w)) satisfies Exactly<[2, 4]>
shape(matmul(a, w)) satisfies Exactly<[2, 4]>
shape(v.matmul(v)) satisfies Exactly<[]>
shape(v.matmul(w)) satisfies Exactly<[4]>
shape(a.matmul(v)) satisfies Exactly<[2]>
shape(batch.matmul(w)) satisfies Exactly<[5, 2, 4]>
shape(batch.matmul(zeros([5, 3, 4]))) satisfies Exactly<[5, 2, 4]>
shape(zeros([7, 1, 2, 3]).matmul(zeros([5, 3, 4]))) satisfies Exactly<[7, 5, 2, 4]>
shape(zeros([n, 3]).matmul(w)) satisfies Exactly<[number, 4]>
shape(zeros([2, n]).matmul(w)) satisfies Exactly<[2, 4]>
shape(unknownShape.matmul(w)) satisfies Exactly<Shape>
shape(v.dot(v)) satisfies Exactly<[]>
shape(a.t()) satisfies Exactly<[3, 2]>

// Reductions over all dims, one, or several, kept or not.
shape(a.sum()) satisfies Exactly<[]>
shape(a.sum(0)) satisfies Exactly<[3]>
shape(mean(a, -1)) satisfies Exactly<[2]>
shape(a.amax(1, { keepdim: true })) satisfies Exactly<[2, 1]>
shape(a.sum({ keepdim: true })) satisfies Exactly<[1, 1]>
shape(sum(batch, [0, 2])) satisfies Exactly<[2]>
shape(amax(batch, [-1, 1])) satisfies Exactly<[5]>
shape(batch.mean([0, -1], { keepdim: true })) satisfies Exactly<[1, 2, 1]>
shape(batch.sum([])) satisfies Exactly<[5, 2, 3]>
shape(a.sum(n)) satisfies Exactly<Shape>
shape(a.sum(sizes)) satisfies Exactly<Shape>
shape(unknownShape.sum(0)) satisfies Exactly<Shape>
shape(unknownShape.sum()) satisfies Exactly<[]>
shape(a.sum(1, { keepdim: flag })) satisfies Exactly<[2] | [2, 1]>
shape(a.var(0, { correction: 0 })) satisfies Exactly<[3]>
shape(a.std(-1, { keepdim: true })) satisfies Exactly<[2, 1]>
shape(a.norm(2, 1)) satisfies Exactly<[2]>
shape(a.argmax(1)) satisfies Exactly<[2]>
shape(max(a)) satisfies Exactly<[]>
shape(a.max(0).values) satisfies Exactly<[3]>
shape(max(a, 1, { keepdim: true }).indices) satisfies Exactly<[2, 1]>
shape(a.median()) satisfies Exactly<[]>
shape(a.median(1).values) satisfies Exactly<[2]>
shape(a.sort({ descending: true }).values) satisfies Exactly<[2, 3]>
shape(a.sort(0).indices) satisfies Exactly<[2, 3]>
shape(a.cumsum(0).cumprod(-1)) satisfies Exactly<[2, 3]>
shape(a.softmax(-1).logSoftmax(0)) satisfies Exactly<[2, 3]>

// Transforms keep the types of what they differentiate by.
const loss = (x: Tensor<[3]>, y: Tensor<[2]>): Tensor => x.sum().mul(y.sum())
const y = zeros([2])
shape(grad(loss)(v, y)) satisfies Exactly<[3]>
shape(grad(loss, { argnums: 1 })(v, y)) satisfies Exactly<[2]>
is<[Tensor<[2]>, Tensor<[3]>]>()(valueAndGrad(loss, { argnums: [1, 0] })(v, y)[1])
shape(noGrad(() => a.mul(2))) satisfies Exactly<[2, 3]>
shape(jvp((p: typeof v) => p.mul(2), [v], [v])[1]) satisfies Exactly<[3]>
is<[Tensor<[3]>, Tensor<[2]>]>()(vjp(loss, v, y)[1](zeros([])))
is<[Tensor<[3]>, Tensor<[2]>]>()(hvp(loss, [v, y], [v, y]))
shape(jacobian((p: typeof v) => a.matmul(p))(v)) satisfies Exactly<[2, 3]>
is<{ y: [Tensor<[2, 3, 3]>] }>()(jacobian((p: typeof v) => ({ y: [a.mul(p)] as [typeof a] }))(v))
shape(hessian(loss)(v, y)) satisfies Exactly<[3, 3]>
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
export const known: Shape = a.shape
is<readonly [2, 3]>()(a.shape)

// Gradients have their inputs' shapes.
const matrix: Tensor<[2, 3]> = zeros([2, 3])
shape(gradients(matrix.sum(), matrix)[0]) satisfies Exactly<[2, 3]>
shape(gradients(matrix.sum(), [unknownShape, matrix])[1]) satisfies Exactly<[2, 3]>
is<[Tensor<[2, 3]> | null]>()(gradients(matrix.sum(), matrix, { allowUnused: true }))
declare const parameters: Tensor[]
is<Tensor[]>()(gradients(matrix.sum(), parameters))

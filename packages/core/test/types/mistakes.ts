// What the compiler must refuse, and in which words: after each directive stands a part of the message
// that the next line must cause. `mistakes.test.ts` takes the directives away and reads what tsc says.
import {
  add,
  cat,
  conv1d,
  conv2d,
  convTranspose1d,
  dot,
  einsum,
  enableGrad,
  grad,
  jacobian,
  jvp,
  matmul,
  max,
  maxPool2d,
  noGrad,
  stack,
  sum,
  tensor,
  vjp,
  where,
  vmap,
  zeros,
  type Tensor,
} from '@gradtape/core'

const a = zeros([2, 3])
const b = zeros([4, 5])
const v = zeros([4])
const batch = zeros([2, 3, 4])
const scalar = zeros([])

// @ts-expect-error matmul: inner dimensions of [2, 3] and [4, 5] differ
a.matmul(b)
// @ts-expect-error matmul: inner dimensions of [2, 3] and [4, 5] differ
matmul(a, b)
// @ts-expect-error matmul: inner dimensions of [2, 3] and [4] differ
a.matmul(v)
// @ts-expect-error matmul: inner dimensions of [4] and [2, 3] differ
v.matmul(a)
// @ts-expect-error matmul: inner dimensions of [2, 3, 4] and [2, 3] differ
batch.matmul(a)
// @ts-expect-error matmul: batch dimensions of [2, 3, 4] and [5, 4, 1] don't broadcast
batch.matmul(zeros([5, 4, 1]))
// @ts-expect-error matmul: [] has no dimension to sum over
a.matmul(scalar)
// @ts-expect-error matmul: [] has no dimension to sum over
matmul(scalar, a)
// @ts-expect-error Argument of type 'number' is not assignable to parameter of type 'Tensor
a.matmul(2)
// @ts-expect-error dot: expected two vectors of one size, got [2, 3] and [4]
a.dot(v)
// @ts-expect-error dot: expected two vectors of one size, got [4] and [5]
dot(v, zeros([5]))

// @ts-expect-error cannot broadcast [2, 3] with [4]
a.add(v)
// @ts-expect-error cannot broadcast [2, 3] with [4, 5]
add(a, b)
// @ts-expect-error cannot broadcast [2, 3, 4] with [2, 3]
batch.mul(a).relu()
// @ts-expect-error cannot broadcast [2, 3] with [4]
a.relu().mul(2).ge(v)
// @ts-expect-error cannot broadcast [2, 3] with [4]
a.lerp(v, 0.5)
// @ts-expect-error cannot broadcast [3] with [2]
a.sum(0).sub(a.sum(1))
// @ts-expect-error cannot broadcast [2, 3] with [4]
where(a, v, 0)
// @ts-expect-error cannot reshape [2, 3] to [4, 2]: the numbers of elements differ
a.reshape([4, 2])
// @ts-expect-error cannot reshape [2, 3] to [4, -1]
a.view([4, -1])
// @ts-expect-error cannot expand [2, 3] to [4, 3]: only sizes of 1 stretch
a.expand([4, 3])
// @ts-expect-error permute: [1] doesn't name each dim of [2, 3] once
a.permute([1])
// @ts-expect-error cat: shapes [2, 3], [4, 5] can't be joined along dim 0
cat([a, b])
// @ts-expect-error cat: shapes [2, 3], [4] can't be joined along dim 1
cat([a, v], 1)
// @ts-expect-error stack: shapes [2, 3], [4, 5] differ
stack([a, b])
// @ts-expect-error einsum: the sizes of 'j' differ in [2, 3], [4, 5]
einsum('ij,jk->ik', a, b)
// @ts-expect-error einsum: 'i' doesn't name each dim of [2, 3] once
einsum('i->', a)
// @ts-expect-error einsum: more terms than tensors
einsum('ij,jk->ik', a)
// @ts-expect-error einsum: more tensors than terms
einsum('ij->i', a, a)
// @ts-expect-error Argument of type 'string' is not assignable
a.add('1')
// @ts-expect-error Argument of type 'number[]' is not assignable
a.add([1, 2, 3])
// @ts-expect-error Operator '+' cannot be applied to types 'Tensor<[2, 3]>' and 'number'
export const operated = a + 1

// @ts-expect-error Type '3' is not assignable to type '4'
export const narrower: Tensor<[2, 4]> = a
// @ts-expect-error Type '[2, 3]' is not assignable to type '[2]'
export const flatter: Tensor<[2]> = a.relu()

// @ts-expect-error Argument of type 'number' is not assignable to parameter of type 'Shape'
zeros(2, 3)
// @ts-expect-error Type '"float64"' has no properties in common with type 'CreationOptions'
zeros([2], 'float64')
// @ts-expect-error Type '"float8"' is not assignable to type 'DType
zeros([2], { dtype: 'float8' })
// @ts-expect-error 'requires_grad' does not exist in type 'CreationOptions'
zeros([2], { requires_grad: true })
// @ts-expect-error Type 'string' is not assignable to type
tensor(['1'])

// @ts-expect-error Type 'true' has no properties in common with type 'ReductionOptions
a.sum(0, true)
// @ts-expect-error Type '"0"' has no properties in common with type 'ReductionOptions
sum(a, '0')
// @ts-expect-error Expected 1 arguments, but got 0
a.softmax()
// @ts-expect-error Argument of type 'Tensor<[2, 3]>' is not assignable to parameter of type 'number'
max(a, a)
// @ts-expect-error Type '"erf"' is not assignable to type '"none" | "tanh"
a.gelu({ approximate: 'erf' })
// @ts-expect-error Expected 1 arguments, but got 2
a.clamp(0, 1)
// @ts-expect-error Expected 1 arguments, but got 2
a.reshape(3, 2)
// @ts-expect-error Type 'Tensor<[2, 3]>' is missing the following properties from type 'readonly Tensor<Shape>[]'
cat(a, a)

// @ts-expect-error 'retainGraph' does not exist in type 'Tensor
a.sum().backward({ retainGraph: true })
// @ts-expect-error 'a.grad' is possibly 'null'
a.grad.mul_(0)
// @ts-expect-error Cannot assign to 'requiresGrad' because it is a read-only property
a.requiresGrad = true
// @ts-expect-error Cannot assign to '0' because it is a read-only property
a.shape[0] = 3
// @ts-expect-error only permits reading
a.data[0] = 3
// @ts-expect-error Property 'fill' does not exist
a.data.fill(0)
// @ts-expect-error the callback must be synchronous: await outside of it
noGrad(async () => a)
// @ts-expect-error the callback must be synchronous: await outside of it
enableGrad(() => Promise.resolve(1))
// @ts-expect-error the callback must be synchronous: await outside of it
jvp(async (x: Tensor) => x, [a], [a])
// @ts-expect-error the callback must be synchronous: await outside of it
vjp(async (x: Tensor) => x, a)
// @ts-expect-error the callback must be synchronous: await outside of it
jacobian(async (x: Tensor) => x)
// @ts-expect-error Source has 1 element(s) but target requires 2
jvp((x: Tensor, y: Tensor) => x.add(y), [a, a], [a])
// @ts-expect-error '"sideways"' is not assignable to type '"forward" | "reverse"
jacobian((x: Tensor) => x, { mode: 'sideways' })
// @ts-expect-error Type 'number' is not assignable to type 'Tensor
grad((x: Tensor) => x.item())

const apart = (x: Tensor<[2]>, y: Tensor<[2]>): Tensor<[]> => x.dot(y)
// @ts-expect-error Argument of type 'Tensor<[2]>' is not assignable to parameter of type 'Tensor<[number, 2]>'
vmap(apart)(zeros([2]), zeros([3, 2]))
// @ts-expect-error Argument of type 'Tensor<[3, 2]>' is not assignable to parameter of type 'Tensor<[2]>'
vmap(apart, { inDims: [null, 0] })(zeros([3, 2]), zeros([3, 2]))
// @ts-expect-error the callback must be synchronous: await outside of it
vmap(async (x: Tensor) => x)
// @ts-expect-error Type '"maybe"' is not assignable to type 'Randomness
vmap(apart, { randomness: 'maybe' })
// @ts-expect-error Type 'string' is not assignable to type 'MapDims
vmap(apart, { inDims: '0' })

// @ts-expect-error conv2d: the weight takes 1 channels, but the input [2, 3, 8, 8] has 3
conv2d(zeros([2, 3, 8, 8]), zeros([4, 1, 3, 3]))
// @ts-expect-error conv2d: the weight takes 6 channels, but the input [2, 3, 8, 8] has 3
conv2d(zeros([2, 3, 8, 8]), zeros([4, 3, 3, 3]), null, { groups: 2 })
// @ts-expect-error conv1d: a kernel of [5] is larger than the padded input [2, 3, 4]
conv1d(batch, zeros([1, 3, 5]))
// @ts-expect-error convTranspose1d: the weight takes 2 channels, but the input [2, 3, 4] has 3
convTranspose1d(batch, zeros([2, 3, 5]))
// @ts-expect-error maxPool2d: a kernel of [5, 5] is larger than the padded input [2, 3, 4]
maxPool2d(batch, 5)
// @ts-expect-error 'strides' does not exist
conv1d(batch, zeros([1, 3, 2]), null, { strides: 2 })

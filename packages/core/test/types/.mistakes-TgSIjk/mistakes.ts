// What the compiler must refuse, and in which words: after each directive stands a part of the message
// that the next line must cause. `mistakes.test.ts` takes the directives away and reads what tsc says.
import {
  add,
  cat,
  dot,
  enableGrad,
  grad,
  matmul,
  max,
  noGrad,
  sum,
  tensor,
  zeros,
  type Tensor,
} from '@gradtape/core'

const a = zeros([2, 3])
const b = zeros([4, 5])
const v = zeros([4])
const batch = zeros([2, 3, 4])
const scalar = zeros([])

//
a.matmul(b)
//
matmul(a, b)
//
a.matmul(v)
//
v.matmul(a)
//
batch.matmul(a)
//
batch.matmul(zeros([5, 4, 1]))
//
a.matmul(scalar)
//
matmul(scalar, a)
//
a.matmul(2)
//
a.dot(v)
//
dot(v, zeros([5]))

//
a.add(v)
//
add(a, b)
//
batch.mul(a).relu()
//
a.relu().mul(2).ge(v)
//
a.lerp(v, 0.5)
//
a.sum(0).sub(a.sum(1))
//
a.add('1')
//
a.add([1, 2, 3])
//
export const operated = a + 1

//
export const narrower: Tensor<[2, 4]> = a
//
export const flatter: Tensor<[2]> = a.relu()

//
zeros(2, 3)
//
zeros([2], 'float64')
//
zeros([2], { dtype: 'float16' })
//
zeros([2], { requires_grad: true })
//
tensor(['1'])

//
a.sum(0, true)
//
sum(a, '0')
//
a.softmax()
//
max(a, a)
//
a.gelu({ approximate: 'erf' })
//
a.clamp(0, 1)
//
a.reshape(3, 2)
//
cat(a, a)

//
a.sum().backward({ retainGraph: true })
//
a.grad.mul_(0)
//
a.requiresGrad = true
//
a.shape[0] = 3
//
a.data[0] = 3
//
a.data.fill(0)
//
noGrad(async () => a)
//
enableGrad(() => Promise.resolve(1))
//
grad((x: Tensor) => x.item())

// What the compiler must refuse, and in which words: after each directive stands a part of the message
// that the next line must cause. `mistakes.test.ts` takes the directives away and reads what tsc says.
import { zeros } from '@gradtape/core'
import { Dense, Dropout, Sequential, Softmax, Tanh } from '@gradtape/nn'

const dense = new Dense(2, 16)
// @ts-expect-error Dense(2, 16) expects 2 features in the last dimension, not 3
dense.forward(zeros([32, 3]))
// @ts-expect-error Dense(2, 16) expects 2 features in a last dimension, not a 0-d tensor
dense.forward(zeros([]))

export const model = new Sequential(
  new Dense(2, 16),
  new Tanh(),
  // @ts-expect-error Dense(15, 1) expects 15 features in the last dimension, not 16
  new Dense(15, 1),
  new Tanh(),
)

export const nested = new Sequential(
  new Sequential(new Dense(2, 4), new Tanh()),
  // @ts-expect-error Dense(5, 1) expects 5 features in the last dimension, not 4
  new Sequential(new Dense(5, 1)),
)

const fitting = new Sequential(new Dense(2, 16), new Tanh(), new Dense(16, 1))
// @ts-expect-error Dense(2, 16) expects 2 features in the last dimension, not 7
fitting.forward(zeros([32, 7]))
// @ts-expect-error '[32, 1]' is not assignable to type '[32, 2]'
export const wrong: typeof two = fitting.forward(zeros([32, 2]))
const two = zeros([32, 2])

// @ts-expect-error is not assignable to parameter of type 'Module'
export const noModule = new Sequential(new Dense(2, 4), 'tanh')
// @ts-expect-error Expected 1 arguments, but got 0
export const noDim = new Softmax()
// @ts-expect-error Type '0.5' has no properties in common with type 'DropoutOptions'
export const positional = new Dropout(0.5)
// @ts-expect-error Type '"int32"' is not assignable to type 'FloatDType
export const integers = new Dense(2, 4, { dtype: 'int32' })

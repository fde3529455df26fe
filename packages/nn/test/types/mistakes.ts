// What the compiler must refuse, and in which words: after each directive stands a part of the message
// that the next line must cause. `mistakes.test.ts` takes the directives away and reads what tsc says.
import { zeros } from '@gradtape/core'
import {
  BatchNorm2d,
  Conv1d,
  Conv2d,
  ConvTranspose2d,
  Dense,
  Dropout,
  Embedding,
  GroupNorm,
  LayerNorm,
  LSTM,
  MaxPool2d,
  ModuleDict,
  MultiheadAttention,
  Sequential,
  Softmax,
  Tanh,
  TransformerEncoderLayer,
} from '@gradtape/nn'

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

const images = zeros([8, 3, 32, 32])
// @ts-expect-error Conv2d(1, 16) expects 1 channels, not 3
new Conv2d(1, 16, 5).forward(images)
// @ts-expect-error Conv1d(2, 4) expects 2 channels, not 3
new Conv1d(2, 4, 3).forward(zeros([8, 3, 9]))
// @ts-expect-error ConvTranspose2d(2, 4) expects 2 channels, not 3
new ConvTranspose2d(2, 4, 3).forward(images)
// @ts-expect-error BatchNorm2d(4) expects 4 channels in dim 1, not 3
new BatchNorm2d(4).forward(images)
// @ts-expect-error GroupNorm(2, 4) expects 4 channels in dim 1, not 3
new GroupNorm(2, 4).forward(images)
// @ts-expect-error LayerNorm(16) expects 16 features in the last dimension, not 32
new LayerNorm(16).forward(images)
export const cnn = new Sequential(
  new Conv2d(3, 8, 3),
  new MaxPool2d(2),
  // @ts-expect-error Conv2d(4, 16) expects 4 channels, not 8
  new Conv2d(4, 16, 3),
)
// @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'PerDim<2>'
export const written = new MaxPool2d('2')
// @ts-expect-error 'strides' does not exist in type
export const noSuchOption = new Conv2d(3, 8, 3, { strides: 2 })
// @ts-expect-error '"int32"' is not assignable to type 'FloatDType
export const wholeNumbers = new Embedding(3, 8, { dtype: 'int32' })
// @ts-expect-error '"other"' is not assignable to parameter of type '"head"'
new ModuleDict({ head: new Tanh() }).get('other')

export const deep = new Sequential(
  new TransformerEncoderLayer(8, 2),
  // @ts-expect-error Dense(2, 16) expects 2 features in the last dimension, not 8
  new Sequential(new Dense(8, 8), dense),
)
// @ts-expect-error 'numLayer' does not exist in type 'LSTMOptions'
export const misspelt = new LSTM(2, 3, { numLayer: 2 })
const lstm = new LSTM(2, 3)
// @ts-expect-error is not assignable to parameter of type 'readonly [h: Tensor<Shape>, c: Tensor<Shape>]'
lstm.forward(zeros([5, 1, 2]), zeros([1, 1, 3]))
const attention = new MultiheadAttention(8, 2)
// @ts-expect-error Expected 3-4 arguments, but got 1
attention.forward(zeros([5, 1, 8]))

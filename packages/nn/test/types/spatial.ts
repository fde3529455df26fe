// What the compiler must accept of layers over images, norms and embeddings, with the shapes it must
// find.
import { zeros, type Shape, type Tensor } from '@gradtape/core'
import {
  AdaptiveAvgPool2d,
  AvgPool2d,
  BatchNorm1d,
  BatchNorm2d,
  Conv1d,
  Conv2d,
  ConvTranspose2d,
  Dense,
  Embedding,
  Flatten,
  functional as F,
  GroupNorm,
  LayerNorm,
  MaxPool2d,
  ModuleDict,
  ReLU,
  Sequential,
  type Module,
} from '@gradtape/nn'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/** Demands that `x` is of type `T`, no wider and no narrower. */
function is<T>(): <X>(x: X, ...no: Equal<X, T> extends true ? [] : [never]) => void {
  return () => {}
}

declare const n: number
declare const unknownShape: Tensor
declare const words: Tensor<[8, 20]>

const images = zeros([8, 3, 32, 32])
is<Tensor<[8, 16, number, number]>>()(new Conv2d(3, 16, 5).forward(images))
is<Tensor<[16, number, number]>>()(new Conv2d(3, 16, [5, 3]).forward(zeros([3, 9, 9])))
is<Tensor<[...number[], 16, number, number]>>()(new Conv2d(3, 16, 5).forward(unknownShape))
is<Tensor<[8, number, number, number]>>()(new Conv2d(n, n, 5).forward(images))
is<Tensor<[8, 4, number]>>()(new Conv1d(2, 4, 3, { padding: 'same' }).forward(zeros([8, 2, 9])))
is<Tensor<[8, 5, number, number]>>()(new ConvTranspose2d(3, 5, 2, { stride: 2 }).forward(images))
is<Tensor<[8, 3, number, number]>>()(new MaxPool2d(2).forward(images))
is<Tensor<[8, 3, number, number]>>()(new AvgPool2d([2, 2]).forward(images))
is<Tensor<[8, 3, 1, 1]>>()(new AdaptiveAvgPool2d(1).forward(images))
is<Tensor<[8, 3, number, 4]>>()(new AdaptiveAvgPool2d([null, 4]).forward(images))
is<Tensor<[8, 3, 2, 4]>>()(F.adaptiveAvgPool2d(images, [2, 4]))

is<Tensor<[8, 3, 32, 32]>>()(new BatchNorm2d(3).forward(images))
is<Tensor<[8, 3]>>()(new BatchNorm1d(3).forward(zeros([8, 3])))
is<Tensor<[8, 3, 5]>>()(new BatchNorm1d(n).forward(zeros([8, 3, 5])))
is<Tensor<Shape>>()(new BatchNorm1d(3).forward(unknownShape))
is<Tensor<[8, 3, 32, 32]>>()(new GroupNorm(1, 3).forward(images))
is<Tensor<[8, 5]>>()(new LayerNorm(5).forward(zeros([8, 5])))
is<Tensor<[8, 5, 6]>>()(new LayerNorm([5, 6]).forward(zeros([8, 5, 6])))
is<Tensor<[8, 3, 32, 32]>>()(F.layerNorm(images, [32]))

is<Tensor<[8, 20, 64]>>()(new Embedding(100, 64).forward(words))
is<Tensor<[8, 20, 64]>>()(F.embedding(words, zeros([100, 64])))
is<Tensor<[8, 20, 5]>>()(F.oneHot(words, 5))
is<Tensor<[8, 20, number]>>()(F.oneHot(words))

const classifier = new Sequential(
  new Conv2d(3, 8, 3),
  new BatchNorm2d(8),
  new ReLU(),
  new MaxPool2d(2),
  new Conv2d(8, 16, 3),
  new AdaptiveAvgPool2d(2),
  new Flatten(),
  new Dense(64, 10),
)
is<Tensor<[...number[], 10]>>()(classifier.forward(images))
const reader = new Sequential(new Embedding(100, 64), new LayerNorm(64), new Dense(64, 2))
is<Tensor<[8, 20, 2]>>()(reader.forward(words))

const heads = new ModuleDict({ digit: new Dense(8, 10), relu: new ReLU() })
is<Dense<8, 10>>()(heads.get('digit'))
is<ReLU>()(heads.get('relu'))
const some: ModuleDict = new ModuleDict()
is<Module>()(some.get('any'))

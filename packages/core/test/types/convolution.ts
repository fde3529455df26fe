import {
  avgPool1d,
  avgPool2d,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  fold,
  maxPool1d,
  maxPool2d,
  unfold,
  zeros,
  type ConvOptions,
  type Shape,
  type Tensor,
} from '../../src/index.ts'
import { shape, type Exactly } from './is.ts'

// Shapes of convolutions, pools and windows.

const images = zeros([5, 1, 8, 8])
const image = zeros([4, 9, 8])
const signals = zeros([2, 3, 9])
const unknown: Tensor = images
const n: number = 3
const options: ConvOptions<2> = { padding: 'same' }

shape(conv2d(images, zeros([6, 1, 5, 5]))) satisfies Exactly<[5, 6, 4, 4]>
shape(conv2d(images, zeros([6, 1, 5, 5]), zeros([6]))) satisfies Exactly<[5, 6, 4, 4]>
shape(conv2d(images, zeros([6, 1, 5, 5]), null, { padding: 'same' })) satisfies Exactly<
  [5, 6, 8, 8]
>
shape(conv2d(images, zeros([6, 1, 5, 5]), null, { padding: 'valid' })) satisfies Exactly<
  [5, 6, 4, 4]
>
shape(conv2d(images, zeros([6, 1, 3, 3]), null, { stride: 2, padding: [1, 0] })) satisfies Exactly<
  [5, 6, 4, 3]
>
shape(conv2d(image, zeros([8, 2, 3, 3]), null, { groups: 2 })) satisfies Exactly<[8, 7, 6]>
shape(conv2d(images, zeros([6, 1, n, n]))) satisfies Exactly<[5, 6, number, number]>
shape(conv2d(images, zeros([6, 1, 5, 5]), null, { stride: n })) satisfies Exactly<
  [5, 6, number, number]
>
shape(conv2d(images, zeros([6, 1, 5, 5]), null, options)) satisfies Exactly<[5, 6, number, number]>
shape(conv2d(unknown, zeros([6, 1, 5, 5]))) satisfies Exactly<Shape>
shape(conv2d(images, unknown)) satisfies Exactly<Shape>
shape(conv1d(signals, zeros([4, 3, 3]))) satisfies Exactly<[2, 4, 7]>
shape(conv1d(signals, zeros([4, 3, 2]), null, { padding: 'same' })) satisfies Exactly<[2, 4, 9]>
shape(conv1d(signals, zeros([4, 3, 3]), null, { stride: 2, dilation: 2 })) satisfies Exactly<
  [2, 4, 3]
>

shape(convTranspose1d(signals, zeros([3, 5, 3]))) satisfies Exactly<[2, 5, 11]>
shape(
  convTranspose1d(signals, zeros([3, 5, 3]), null, { stride: 2, outputPadding: 1 }),
) satisfies Exactly<[2, 5, 20]>
shape(convTranspose2d(image, zeros([4, 3, 2, 2]), null, { groups: 2 })) satisfies Exactly<
  [6, 10, 9]
>
shape(convTranspose2d(unknown, zeros([4, 3, 2, 2]))) satisfies Exactly<Shape>

shape(maxPool2d(images, 2)) satisfies Exactly<[5, 1, 4, 4]>
shape(maxPool2d(image, [2, 4])) satisfies Exactly<[4, 4, 2]>
shape(maxPool2d(image, 3, { stride: 1, padding: 1 })) satisfies Exactly<[4, 9, 8]>
shape(maxPool2d(image, 2, { ceilMode: true })) satisfies Exactly<[4, number, number]>
shape(maxPool2d(image, 2, { ceilMode: false })) satisfies Exactly<[4, 4, 4]>
shape(maxPool2d(image, n)) satisfies Exactly<[4, number, number]>
shape(maxPool2d(unknown, 2)) satisfies Exactly<Shape>
shape(maxPool1d(signals, 2)) satisfies Exactly<[2, 3, 4]>
shape(avgPool1d(signals, [3])) satisfies Exactly<[2, 3, 3]>
shape(avgPool2d(image, 3, { stride: 2, padding: 1, countIncludePad: false })) satisfies Exactly<
  [4, 5, 4]
>

shape(unfold(image, 3)) satisfies Exactly<[number, number]>
shape(unfold(images, [3, 2], { stride: 2 })) satisfies Exactly<[5, number, number]>
shape(unfold(unknown, 3)) satisfies Exactly<Shape>
shape(fold(zeros([2, 9, 9]), 5, 3)) satisfies Exactly<[2, number, 5, 5]>
shape(fold(zeros([4, 6]), [4, 3], 2)) satisfies Exactly<[number, 4, 3]>

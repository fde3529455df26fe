import { describe } from 'vitest'
import * as core from '../../src/index.ts'
import { js, refuses } from './refuses.ts'

const { DTypeError, ShapeError, ValueError } = core

/** Float tensors of ones. */
const x = (...shape: number[]): core.Tensor => core.ones(shape)

const signal = x(2, 3, 4)
const image = x(2, 4, 5, 6)
const filters = x(2, 3, 2)
const squares = x(6, 4, 3, 3)

describe('tensors that are no signals or images', () => {
  refuses([
    ['conv1d of a vector', ShapeError, /^conv1d: expected x of shape \[N, C, L\] or \[C, L\], got \[2\]; unsqueeze/, (w) => js.conv1d(w.vector, filters)], // prettier-ignore
    ['conv1d of an image', ShapeError, /^conv1d: .*got \[2, 4, 5, 6\]; reshape/, () => js.conv1d(image, filters)], // prettier-ignore
    ['conv2d of a matrix', ShapeError, /^conv2d: .*\[N, C, H, W\] or \[C, H, W\], got \[2, 3\]; unsqueeze\(0\)/, (w) => js.conv2d(w.matrix, squares)], // prettier-ignore
    ['conv2d of a number', ShapeError, /^conv2d: .*got \[\]/, (w) => js.conv2d(w.one, squares)],
    ['convTranspose2d of a matrix', ShapeError, /^convTranspose2d: .*got \[2, 3\]/, (w) => js.convTranspose2d(w.matrix, squares)], // prettier-ignore
    ['maxPool1d of a vector', ShapeError, /^maxPool1d: .*got \[2\]/, (w) => js.maxPool1d(w.vector, 2)], // prettier-ignore
    ['avgPool2d of five dims', ShapeError, /^avgPool2d: .*got \[1, 1, 1, 2, 2\]/, () => js.avgPool2d(x(1, 1, 1, 2, 2), 2)], // prettier-ignore
    ['unfold of a matrix', ShapeError, /^unfold: .*got \[2, 3\]/, (w) => js.unfold(w.matrix, 2)],
    ['conv1d of no elements', ShapeError, /^conv1d: x of shape \[2, 3, 0\] has no elements.*last dim must/, () => js.conv1d(x(2, 3, 0), filters, null, { padding: 2 })], // prettier-ignore
    ['convTranspose2d of no elements', ShapeError, /^convTranspose2d: .*\[1, 2, 0, 3\].*last two dims/, () => js.convTranspose2d(x(1, 2, 0, 3), x(2, 1, 2, 2))], // prettier-ignore
    ['conv1d of an array', DTypeError, /^conv1d: expected a tensor, got an array/, () => js.conv1d([[1]], filters)], // prettier-ignore
    [
      'conv1d by a number',
      DTypeError,
      /^conv1d: expected a tensor, got 2/,
      () => js.conv1d(signal, 2),
    ],
    ['maxPool2d of nothing', DTypeError, /^maxPool2d: expected a tensor, got undefined/, () => js.maxPool2d()], // prettier-ignore
    ['fold of a string', DTypeError, /^fold: expected a tensor, got 'x'/, () => js.fold('x', 3, 2)],
  ])
})

describe('dtypes', () => {
  const ints = core.ones([1, 1, 3], { dtype: 'int32' })
  const double = core.ones([2, 3, 2], { dtype: 'float64' })
  refuses([
    ['conv1d of int32', DTypeError, /^conv1d: expected a float tensor, got int32/, () => js.conv1d(ints, ints)], // prettier-ignore
    ['conv1d by int32', DTypeError, /^conv1d: expected a float tensor, got int32/, () => js.conv1d(x(1, 1, 3), ints)], // prettier-ignore
    ['convTranspose1d of int32', DTypeError, /^convTranspose1d: .*int32/, () => js.convTranspose1d(ints, ints)], // prettier-ignore
    ['maxPool1d of int32', DTypeError, /^maxPool1d: .*int32/, () => js.maxPool1d(ints, 2)],
    ['avgPool1d of int32', DTypeError, /^avgPool1d: .*int32/, () => js.avgPool1d(ints, 2)],
    ['unfold of bools', DTypeError, /^unfold: .*bool/, () => js.unfold(x(1, 2, 2).to('bool'), 2)],
    ['fold of int32', DTypeError, /^fold: .*int32/, (w) => js.fold(w.ints, 2, 1)],
    ['conv1d of float32 by float64', DTypeError, /^conv1d: x is float32, weight float64; convert one with \.to\('float32'\)/, () => js.conv1d(signal, double)], // prettier-ignore
    ['conv1d with a bias of int32', DTypeError, /^conv1d: x is float32, bias int32/, () => js.conv1d(signal, filters, core.ones([2], { dtype: 'int32' }))], // prettier-ignore
    ['convTranspose1d of float64 by float32', DTypeError, /^convTranspose1d: x is float64, weight float32/, () => js.convTranspose1d(double, x(3, 2, 2))], // prettier-ignore
  ])
})

describe('weights and biases', () => {
  refuses([
    ['weight of an image', ShapeError, /^conv1d: expected weight \[out channels, channels \/ groups, kernel\], got \[6, 4, 3, 3\]/, () => js.conv1d(signal, squares)], // prettier-ignore
    ['weight without elements', ShapeError, /^conv1d: expected weight .*got \[2, 3, 0\]/, () => js.conv1d(signal, x(2, 3, 0))], // prettier-ignore
    ['transposed weight of a signal', ShapeError, /^convTranspose2d: expected weight \[channels, out channels \/ groups, kernel height, kernel width\], got \[2, 3, 2\]/, () => js.convTranspose2d(image, filters)], // prettier-ignore
    ['channels that differ', ShapeError, /^conv1d: x of shape \[2, 3, 4\] has 3 channels, weight \[2, 4, 2\] with groups 1 takes 4; weight is \[out/, () => js.conv1d(signal, x(2, 4, 2))], // prettier-ignore
    ['channels that differ, in groups', ShapeError, /^conv2d: .* has 4 channels, weight \[6, 4, 3, 3\] with groups 2 takes 8/, () => js.conv2d(image, squares, null, { groups: 2 })], // prettier-ignore
    ['channels that differ, transposed', ShapeError, /^convTranspose1d: .* has 3 channels, weight \[2, 3, 2\] with groups 1 takes 2; weight is \[channels/, () => js.convTranspose1d(signal, filters)], // prettier-ignore
    ['groups that do not divide', ShapeError, /^conv2d: groups 4 don't divide the 6 out channels of weight \[6, 1, 3, 3\]/, () => js.conv2d(image, x(6, 1, 3, 3), null, { groups: 4 })], // prettier-ignore
    ['groups that do not divide, transposed', ShapeError, /^convTranspose1d: groups 2 don't divide the 3 channels/, () => js.convTranspose1d(signal, x(3, 1, 2), null, { groups: 2 })], // prettier-ignore
    ['no groups', ValueError, /^conv1d: groups must be an integer of at least 1, got 0/, () => js.conv1d(signal, filters, null, { groups: 0 })], // prettier-ignore
    ['a bias of other length', ShapeError, /^conv1d: expected bias of shape \[2\].*got \[3\]/, () => js.conv1d(signal, filters, x(3))], // prettier-ignore
    ['a bias of two dims', ShapeError, /^conv1d: expected bias of shape \[2\].*got \[2, 1\]/, () => js.conv1d(signal, filters, x(2, 1))], // prettier-ignore
    ['a transposed bias of other length', ShapeError, /^convTranspose2d: expected bias of shape \[6\].*got \[3\]/, () => js.convTranspose2d(image, x(4, 3, 2, 2), x(3), { groups: 2 })], // prettier-ignore
    ['options for the bias', DTypeError, /^conv1d: bias must be a tensor or null, got an object; options come fourth/, () => js.conv1d(signal, filters, { stride: 2 })], // prettier-ignore
    ['a number for the bias', DTypeError, /^conv1d: bias must be a tensor or null, got 0$/, () => js.conv1d(signal, filters, 0)], // prettier-ignore
  ])
})

describe('kernels larger than their input', () => {
  refuses([
    ['conv1d', ShapeError, /^conv1d: a kernel of \[5\] is larger than the input of \[4\]; use a smaller one, or more padding/, () => js.conv1d(signal, x(2, 3, 5))], // prettier-ignore
    ['conv2d, dilated', ShapeError, /^conv2d: a kernel of \[3, 3\], dilated to \[7, 7\], is larger than the input of \[5, 6\]/, () => js.conv2d(image, squares, null, { dilation: 3 })], // prettier-ignore
    ['conv2d, padded', ShapeError, /^conv2d: a kernel of \[8, 3\] is larger than the input of \[7, 8\] \(\[5, 6\], padded\)/, () => js.conv2d(image, x(1, 4, 8, 3), null, { padding: 1 })], // prettier-ignore
    ['convTranspose1d, cut off', ShapeError, /^convTranspose1d: padding \[3\] leaves nothing of x of shape \[2, 3, 4\].*\[2\].*\[-1\]/, () => js.convTranspose1d(signal, x(3, 1, 2), null, { padding: 3 })], // prettier-ignore
    ['maxPool2d', ShapeError, /^maxPool2d: a kernel of \[2, 7\] is larger/, () => js.maxPool2d(image, [2, 7])], // prettier-ignore
    [
      'avgPool1d',
      ShapeError,
      /^avgPool1d: a kernel of \[5\] is larger/,
      () => js.avgPool1d(signal, 5),
    ],
    ['unfold', ShapeError, /^unfold: a kernel of \[6, 6\] is larger/, () => js.unfold(image, 6)],
    ['fold', ShapeError, /^fold: a kernel of \[4, 4\] is larger than the input of \[3, 3\]/, (w) => js.fold(w.matrix, 3, 4)], // prettier-ignore
  ])
})

describe('options', () => {
  const conv = (options: unknown, bias?: unknown): unknown =>
    js.conv1d(signal, filters, bias, options)
  refuses([
    ['stride 0', ValueError, /^conv1d: stride must be an integer of at least 1, got 0/, () => conv({ stride: 0 })], // prettier-ignore
    ['a negative stride', ValueError, /^conv1d: stride .*got -1/, () => conv({ stride: -1 })],
    ['a fraction as stride', ValueError, /^conv1d: stride .*got 1\.5/, () => conv({ stride: 1.5 })],
    ['two strides for one dim', ValueError, /^conv1d: stride must be one number, or 1, one for each spatial dim, got \[1, 2\]/, () => conv({ stride: [1, 2] })], // prettier-ignore
    [
      'dilation 0',
      ValueError,
      /^conv1d: dilation .*at least 1, got 0/,
      () => conv({ dilation: 0 }),
    ],
    ['negative padding', ValueError, /^conv1d: padding .*at least 0, got -1/, () => conv({ padding: -1 })], // prettier-ignore
    ['padding of another name', ValueError, /^conv1d: there is no padding 'full'; use 'same', 'valid'/, () => conv({ padding: 'full' })], // prettier-ignore
    ["stride with 'same'", ValueError, /^conv1d: padding 'same' is for stride 1, got stride \[2\]/, () => conv({ padding: 'same', stride: 2 })], // prettier-ignore
    ['an option of another name', ValueError, /^conv1d: there is no option 'strides'; it takes stride, padding, dilation, groups/, () => conv({ strides: 2 })], // prettier-ignore
    ['options that are a number', ValueError, /^conv1d: expected options.*got 2/, () => conv(2)],
    ['outputPadding of a convolution', ValueError, /^conv1d: there is no option 'outputPadding'/, () => conv({ outputPadding: 1 })], // prettier-ignore
    ['outputPadding not below stride', ValueError, /^convTranspose1d: outputPadding \[2\] must be less than stride \[2\] or dilation \[1\]/, () => js.convTranspose1d(signal, x(3, 1, 2), null, { stride: 2, outputPadding: 2 })], // prettier-ignore
    ["padding 'same', transposed", ValueError, /^convTranspose1d: padding .*'same'/, () => js.convTranspose1d(signal, x(3, 1, 2), null, { padding: 'same' })], // prettier-ignore
    ['no kernel', ValueError, /^maxPool2d: kernel must be an integer of at least 1, got undefined/, () => js.maxPool2d(image)], // prettier-ignore
    ['kernel 0', ValueError, /^avgPool2d: kernel .*got 0/, () => js.avgPool2d(image, [2, 0])],
    ['three sizes of a kernel', ValueError, /^maxPool2d: kernel must be one number, or 2.*\[1, 2, 3\]/, () => js.maxPool2d(image, [1, 2, 3])], // prettier-ignore
    ['pool stride 0', ValueError, /^maxPool1d: stride .*got 0/, () => js.maxPool1d(signal, 2, { stride: 0 })], // prettier-ignore
    ['pool padding above half', ValueError, /^maxPool2d: padding \[1, 2\] is more than half of the kernel \[2, 3\]/, () => js.maxPool2d(image, [2, 3], { padding: [1, 2] })], // prettier-ignore
    ['mean padding above half', ValueError, /^avgPool1d: padding \[2\] is more than half of the kernel \[3\]/, () => js.avgPool1d(signal, 3, { padding: 2 })], // prettier-ignore
    ['negative pool padding', ValueError, /^avgPool1d: padding .*got -1/, () => js.avgPool1d(signal, 3, { padding: -1 })], // prettier-ignore
    ['dilation of a mean', ValueError, /^avgPool2d: there is no option 'dilation'/, () => js.avgPool2d(image, 2, { dilation: 1 })], // prettier-ignore
    ['a divisor of maxima', ValueError, /^maxPool2d: there is no option 'divisorOverride'/, () => js.maxPool2d(image, 2, { divisorOverride: 1 })], // prettier-ignore
    ['indices of maxima', ValueError, /^maxPool2d: there is no option 'returnIndices'/, () => js.maxPool2d(image, 2, { returnIndices: true })], // prettier-ignore
    ['divisor 0', ValueError, /^avgPool2d: divisorOverride must not be 0/, () => js.avgPool2d(image, 2, { divisorOverride: 0 })], // prettier-ignore
    ['a divisor that is no number', ValueError, /^avgPool2d: divisorOverride must be a number, got '2'/, () => js.avgPool2d(image, 2, { divisorOverride: '2' })], // prettier-ignore
    [
      'unfold stride 0',
      ValueError,
      /^unfold: stride .*got 0/,
      () => js.unfold(image, 2, { stride: 0 }),
    ],
    ['unfold with groups', ValueError, /^unfold: there is no option 'groups'/, () => js.unfold(image, 2, { groups: 1 })], // prettier-ignore
  ])
})

describe('standardize', () => {
  refuses([
    ['a number', ShapeError, /^standardize: expected rows of at least one element .*got shape \[\]/, (w) => js.standardize(w.one)], // prettier-ignore
    ['rows of nothing', ShapeError, /^standardize: .*got shape \[2, 0\]/, () => js.standardize(x(2, 0))], // prettier-ignore
    ['int32', DTypeError, /^standardize: expected a float tensor, got int32/, (w) => js.standardize(w.ints)], // prettier-ignore
    ['negative eps', ValueError, /^standardize: eps must be .*got -1/, () => js.standardize(signal, { eps: -1 })], // prettier-ignore
    ['eps that is no number', ValueError, /^standardize: eps must be .*got '1'/, () => js.standardize(signal, { eps: '1' })], // prettier-ignore
    ['another option', ValueError, /^standardize: there is no option 'dim'/, () => js.standardize(signal, { dim: 1 })], // prettier-ignore
  ])
})

describe('fold', () => {
  const expected =
    /^fold: expected x of shape \[N, C · 4, 4\] or \[C · 4, 4\], for 4 windows of \[2, 2\] in \[3, 3\], got /
  refuses([
    ['of a vector', ShapeError, expected, (w) => js.fold(w.vector, 3, 2)],
    ['of images', ShapeError, expected, () => js.fold(x(1, 1, 4, 4), 3, 2)],
    ['of rows that are no channels', ShapeError, expected, () => js.fold(x(6, 4), 3, 2)],
    ['of too few columns', ShapeError, expected, () => js.fold(x(4, 3), 3, 2)],
    ['to no size', ValueError, /^fold: outputSize .*got undefined/, (w) => js.fold(w.matrix)],
    ['to size 0', ValueError, /^fold: outputSize .*at least 1, got 0/, (w) => js.fold(w.matrix, [0, 2], 1)], // prettier-ignore
    ['by no kernel', ValueError, /^fold: kernel .*got undefined/, (w) => js.fold(w.matrix, 3)],
  ])
})

import { describe } from 'vitest'
import * as core from '../../src/index.ts'
import { js, refuses } from './refuses.ts'

const { DTypeError, ShapeError, ValueError } = core

describe('dtypes that cannot be', () => {
  refuses([
    [
      'an unknown one',
      DTypeError,
      /^tensor: .*"float8".*'float32'/,
      () => js.tensor!([1], { dtype: 'float8' }),
    ],
    ['in zeros', DTypeError, /^zeros: .*"int4"/, () => js.zeros!([1], { dtype: 'int4' })],
    ['in to', DTypeError, /^to: .*"double"/, (w) => w.leaf.to('double')],
    ['none in to', DTypeError, /^to: .*undefined/, (w) => w.leaf.to()],
    ['as default', DTypeError, /^setDefaultDtype: .*'int32'/, () => js.setDefaultDtype!('int32')],
    [
      'an unknown default',
      DTypeError,
      /^setDefaultDtype: .*"half"/,
      () => js.setDefaultDtype!('half'),
    ],
    [
      'randn of integers',
      DTypeError,
      /^randn: .*'int32'.*randint/,
      () => core.randn([2], { dtype: 'int32' }),
    ],
    ['mean of integers', DTypeError, /^mean: .*int32.*float32/, (w) => w.ints.mean()],
    ['std of bools', DTypeError, /^std: .*bool/, (w) => w.mask.std()],
    ['matmul of bools', DTypeError, /^matmul: .*bool/, (w) => w.mask.matmul(w.mask)],
    ['sub of bools', DTypeError, /^sub: .*bool/, (w) => w.mask.sub(w.mask)],
    ['a fraction on int32', DTypeError, /^mul: .*0\.5.*int32.*float32/, (w) => w.ints.mul(0.5)],
    ['a fraction into int32', DTypeError, /^add_: .*0\.5.*int32/, (w) => w.ints.add_(0.5)],
    [
      'floats into int32',
      DTypeError,
      /^add_: .*float32.*int32/,
      (w) => w.ints.add_(core.tensor([1.5])),
    ],
    ['a quotient into int32', DTypeError, /^div_: .*int32/, (w) => w.ints.div_(2)],
    ['a number into bool', DTypeError, /^add_: .*bool/, (w) => w.mask.add_(1)],
    ['bools off bools', DTypeError, /^sub_: .*bool/, (w) => w.mask.sub_(w.mask)],
    ['NaN into int32', DTypeError, /^fill_: .*NaN.*int32/, (w) => w.ints.fill_(NaN)],
    [
      'a condition of floats',
      DTypeError,
      /^where: .*bool.*float32.*gt\(0\)/,
      (w) => core.where(w.one, w.one, 0),
    ],
    [
      'a mask of integers',
      DTypeError,
      /^maskedFill: .*bool.*int32/,
      (w) => w.matrix.maskedFill(w.ints, 0),
    ],
    [
      'a gradient of another dtype',
      DTypeError,
      /^backward: .*float64.*float32/,
      (w) => w.leaf.mul(2).backward(w.leaf.detach().double()),
    ],
  ])
})

describe('arguments of the wrong kind', () => {
  refuses([
    ['undefined', DTypeError, /^add: .*undefined/, (w) => w.leaf.add()],
    ['null', DTypeError, /^mul: .*null/, (w) => w.leaf.mul(null)],
    ['an array', DTypeError, /^add: .*an array.*tensor\(/, (w) => w.leaf.add([1, 2, 3])],
    ['a string', DTypeError, /^add: .*'1'/, (w) => w.leaf.add('1')],
    ['a boolean', DTypeError, /^add: .*true/, (w) => w.leaf.add(true)],
    ['an array as the first', DTypeError, /^relu: .*an array/, () => js.relu!([1])],
    ['nothing', DTypeError, /^sum: .*undefined/, () => js.sum!()],
    ['an array to matmul', DTypeError, /^matmul: .*an array/, (w) => w.matrix.matmul([[1]])],
    ['a number to matmul', DTypeError, /^matmul: .*2/, (w) => w.matrix.matmul(2)],
    ['a boolean condition', DTypeError, /^where: .*true/, () => js.where!(true, 1, 2)],
    [
      'tensors not in an array',
      ShapeError,
      /^cat: expected an array/,
      (w) => js.cat!(w.leaf, w.leaf),
    ],
    ['numbers in the array', DTypeError, /^stack: .*1/, () => js.stack!([1, 2])],
    [
      'sizes not in an array',
      ShapeError,
      /^reshape: expected a shape.*got 3/,
      (w) => w.matrix.reshape(3, 2),
    ],
    ['dims not in an array', ShapeError, /^permute: /, (w) => w.matrix.permute(1, 0)],
    [
      'keepdim by position',
      ValueError,
      /^sum: expected options.*true/,
      (w) => w.matrix.sum(0, true),
    ],
    [
      'a second dim by position',
      ValueError,
      /^mean: expected options.*1/,
      (w) => w.matrix.mean(0, 1),
    ],
    [
      'keepdim by position of max',
      ValueError,
      /^max: expected options/,
      (w) => w.matrix.max(0, true),
    ],
    ['a norm by name', ValueError, /^norm: p .*'fro'/, (w) => w.matrix.norm('fro')],
    [
      'a correction that is none',
      ValueError,
      /^std: correction .*'0'/,
      (w) => w.matrix.std(0, { correction: '0' }),
    ],
    [
      'a slope in options',
      ValueError,
      /^leakyRelu: .*an object/,
      (w) => w.leaf.leakyRelu({ slope: 0.1 }),
    ],
    ['clamp by position', ValueError, /^clamp: .*\{ min \}/, (w) => w.leaf.clamp(0, 1)],
    ['clamp by a string', ValueError, /^clamp: .*'0'/, (w) => w.leaf.clamp({ min: '0' })],
    [
      'gelu of another kind',
      ValueError,
      /^gelu: approximate .*'erf'/,
      (w) => w.leaf.gelu({ approximate: 'erf' }),
    ],
    ['a fill of a tensor', DTypeError, /^fill_: /, (w) => w.vector.fill_(w.one)],
    ['a scale by position', ValueError, /^add: expected options.*2/, (w) => w.leaf.add(w.leaf, 2)],
    ['an alpha that is none', ValueError, /^sub: .*'2'/, (w) => w.leaf.sub(w.leaf, { alpha: '2' })],
    [
      'an unknown rounding',
      ValueError,
      /^div: roundingMode .*'up'/,
      (w) => w.leaf.div(2, { roundingMode: 'up' }),
    ],
    [
      'half a decimal',
      ValueError,
      /^round: decimals .*0\.5/,
      (w) => w.leaf.round({ decimals: 0.5 }),
    ],
    [
      'options where there are none',
      ValueError,
      /^maximum: .*no options/,
      (w) => w.leaf.maximum(w.leaf, {}),
    ],
    ['split by 0', ValueError, /^split: size .*0/, (w) => w.leaf.split(0)],
    [
      'narrow without length',
      ValueError,
      /^narrow: length .*undefined/,
      (w) => w.leaf.narrow(0, 1),
    ],
    ['item of many', ValueError, /^item: .*\[2, 3\].*toArray/, (w) => w.matrix.item()],
  ])
})

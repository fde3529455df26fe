import { describe } from 'vitest'
import * as core from '../../src/index.ts'
import { js, refuses } from './refuses.ts'

const { DTypeError, GradientError, ShapeError, ValueError } = core

describe('data', () => {
  refuses([
    [
      'ragged rows',
      ShapeError,
      /^tensor: ragged .*expected 2 .*got 1 after 2 numbers/,
      () => core.tensor([[1, 2], [3]]),
    ],
    ['a number among rows', ShapeError, /^tensor: ragged/, () => js.tensor!([[1, 2], 3])],
    [
      'a row among numbers',
      ShapeError,
      /^tensor: ragged.*after 1 numbers/,
      () => js.tensor!([1, [2]]),
    ],
    [
      'ragged deeper',
      ShapeError,
      /^tensor: ragged .*depth 2/,
      () =>
        core.tensor([
          [[1], [2]],
          [[3], [4, 5]],
        ]),
    ],
    ['undefined', DTypeError, /^tensor: undefined is no number/, () => js.tensor!()],
    ['a hole', DTypeError, /^tensor: undefined is no number/, () => js.tensor!([1, undefined])],
    ['null', DTypeError, /^tensor: null is no number/, () => js.tensor!([null])],
    ['a string', DTypeError, /^tensor: '3' is no number/, () => js.tensor!(['3'])],
    ['an object', DTypeError, /^tensor: an object/, () => js.tensor!({})],
    ['a bigint', DTypeError, /^tensor: 1 is no number/, () => js.tensor!([1n])],
    [
      'bigints',
      DTypeError,
      /^tensor: .*BigUint64Array/,
      () => js.tensor!(new BigUint64Array(1), { dtype: 'int32' }),
    ],
    ['tensors', DTypeError, /^tensor: a tensor .*stack/, (w) => js.tensor!([w.one, w.one])],
    [
      'a typed array of no dtype',
      DTypeError,
      /^tensor: .*Uint32Array.*dtype/,
      () => core.tensor(new Uint32Array(1)),
    ],
    [
      'too few for a shape',
      ShapeError,
      /^tensor: 3 elements .*\[2, 2\]/,
      () => core.tensor([1, 2, 3], { shape: [2, 2] }),
    ],
    [
      'a fraction in int32',
      DTypeError,
      /^tensor: 1\.5 has no value in int32/,
      () => core.tensor([1.5], { dtype: 'int32' }),
    ],
    ['NaN in int32', DTypeError, /^tensor: NaN/, () => core.tensor([NaN], { dtype: 'int32' })],
    [
      'too much for int32',
      DTypeError,
      /^tensor: 4294967296/,
      () => core.tensor([2 ** 32], { dtype: 'int32' }),
    ],
  ])
})

describe('shapes and options of creation', () => {
  refuses([
    [
      'sizes without brackets',
      ShapeError,
      /^zeros: expected a shape.*\[2, 3\], got 2/,
      () => js.zeros!(2, 3),
    ],
    ['no shape', ShapeError, /^ones: .*undefined/, () => js.ones!()],
    ['a negative size', ShapeError, /^zeros: .*\[2, -1\]/, () => core.zeros([2, -1])],
    ['a fraction', ShapeError, /^rand: .*\[1\.5\]/, () => core.rand([1.5])],
    ['NaN', ShapeError, /^empty: .*\[NaN\]/, () => core.empty([NaN])],
    ['a string size', ShapeError, /^randn: .*\['2'\]/, () => js.randn!(['2'])],
    [
      'a dtype as the option',
      ValueError,
      /^zeros: expected options.*'float64'/,
      () => js.zeros!([2], 'float64'),
    ],
    ['null as options', ValueError, /^tensor: expected options.*null/, () => js.tensor!([2], null)],
    ['full without a value', ValueError, /^full: value .*undefined/, () => js.full!([2])],
    [
      'full of a fraction in int32',
      DTypeError,
      /^full: 0\.5 /,
      () => core.full([2], 0.5, { dtype: 'int32' }),
    ],
    ['fullLike of a string', ValueError, /^fullLike: value .*'1'/, (w) => js.fullLike!(w.one, '1')],
    ['zerosLike of a shape', DTypeError, /^zerosLike: .*an array/, () => js.zerosLike!([2])],
    ['eye of a fraction', ShapeError, /^eye: /, () => core.eye(1.5)],
    ['arange without an end', ValueError, /^arange: .*0 numbers/, () => core.arange()],
    ['arange of a string', ValueError, /^arange: .*'3'/, () => js.arange!('3')],
    ['arange to NaN', ValueError, /^arange: .*0 to NaN/, () => core.arange(NaN)],
    [
      'arange that leads away',
      ValueError,
      /^arange: .*0 to 3 in steps of -1/,
      () => core.arange(0, 3, -1),
    ],
    ['arange with step 0', ValueError, /^arange: .*steps of 0/, () => core.arange(0, 3, 0)],
    [
      'arange of fractions in int32',
      DTypeError,
      /^arange: .*0\.5.*int32/,
      () => core.arange(0, 2, 0.5, { dtype: 'int32' }),
    ],
    ['arange of bools', DTypeError, /^arange: bool/, () => core.arange(2, { dtype: 'bool' })],
    [
      'linspace without steps',
      ValueError,
      /^linspace: steps .*undefined/,
      () => js.linspace!(0, 1),
    ],
    ['linspace without an end', ValueError, /^linspace: end .*undefined/, () => js.linspace!(0)],
  ])
})

describe('randomness', () => {
  refuses([
    ['a seed below 0', ValueError, /^manualSeed: .*-1/, () => core.manualSeed(-1)],
    [
      'a fraction as seed',
      ValueError,
      /^RandomGenerator: .*0\.5/,
      () => new core.RandomGenerator(0.5),
    ],
    [
      'a number as generator',
      ValueError,
      /^rand: generator .*42/,
      () => js.rand!([2], { generator: 42 }),
    ],
    ['an empty range', ValueError, /^randint: low 3 .*high 3/, () => core.randint(3, 3, [2])],
    ['a range of fractions', ValueError, /^randint: high .*2\.5/, () => core.randint(0, 2.5, [2])],
    ['a range beyond int32', ValueError, /^randint: .*int32/, () => core.randint(0, 2 ** 33, [2])],
    ['randint without a shape', ShapeError, /^randint: .*undefined/, () => js.randint!(0, 3)],
    [
      'gradients of integers',
      GradientError,
      /int32.*gradient/,
      () => core.randint(0, 3, [2], { requiresGrad: true }),
    ],
    [
      'gradients of an order',
      GradientError,
      /int32.*gradient/,
      () => core.randperm(3, { requiresGrad: true }),
    ],
    ['a negative length', ValueError, /^randperm: n .*-1/, () => core.randperm(-1)],
  ])
})

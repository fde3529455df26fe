import { describe } from 'vitest'
import * as core from '../../src/index.ts'
import { refuses } from './refuses.ts'

const { DTypeError, ShapeError, ValueError } = core
const int32 = (values: unknown): core.Tensor => core.tensor(values as number[], { dtype: 'int32' })

describe('keys that are tensors', () => {
  refuses([
    [
      'at out of range',
      ShapeError,
      /^at: index 2 .*dim 0 of shape \[2, 3\].*2 elements.*-2 to 1/,
      (w) => w.matrix.at(w.ints),
    ],
    ['at, far below', ShapeError, /^at: index -4 .*dim 1 /, (w) => w.matrix.at(0, w.ints.sub(5))],
    ['at of nothing', ShapeError, /^at: index 0 .*0 elements$/, (w) => w.nothing.at(int32([0]))],
    [
      'at by floats',
      DTypeError,
      /^at: a tensor of dtype float32 is no key.*int32.*\[2, 3\]/,
      (w) => w.matrix.at(w.leaf),
    ],
    [
      'at by indices that do not broadcast',
      ShapeError,
      /^at: cannot broadcast \[3\] with \[2\]/,
      (w) => w.cubes.at(int32([0, 0, 0]), int32([0, 0])),
    ],
    [
      'at by a mask of another shape',
      ShapeError,
      /^at: a mask of shape \[3\] meets dims of sizes \[2\]/,
      (w) => w.matrix.at(w.mask),
    ],
    [
      'at by a mask of more dims',
      ShapeError,
      /^at: 2 keys are too many \(they take 3 dims\).*\[2, 3\]/,
      (w) => w.matrix.at(0, core.zeros([2, 3], { dtype: 'bool' })),
    ],
    [
      'take out of range',
      ShapeError,
      /^take: index 3 .*\[3\].*-3 to 2/,
      (w) => w.leaf.take(w.ints),
    ],
    ['take, far below', ShapeError, /^take: index -4 /, (w) => w.leaf.take(w.ints.sub(5))],
    ['take by floats', DTypeError, /^take: .*int32.*float32/, (w) => w.leaf.take(w.vector)],
    ['take by a list', DTypeError, /^take: .*an array/, (w) => w.leaf.take([0])],
    [
      'maskedSelect by numbers',
      DTypeError,
      /^maskedSelect: .*bool.*int32/,
      (w) => w.leaf.maskedSelect(w.ints),
    ],
    [
      'maskedSelect by a mask of another shape',
      ShapeError,
      /^maskedSelect: .*\[2\].*\[3\]/,
      (w) => w.vector.maskedSelect(w.mask),
    ],
  ])
})

describe('scatter and scatterAdd', () => {
  for (const name of ['scatter', 'scatterAdd']) {
    const message = (text: string): RegExp => new RegExp(`^${name}: ${text}`)
    refuses([
      [
        `${name} out of range`,
        ShapeError,
        message('index 3 .*dim 0 of shape \\[3\\].*0 to 2'),
        (w) => w.leaf[name](0, w.ints, w.leaf),
      ],
      [
        `${name} below 0`,
        ShapeError,
        message('index -1 '),
        (w) => w.leaf[name](0, w.ints.sub(2), w.leaf),
      ],
      [
        `${name} by floats`,
        DTypeError,
        message('.*int32.*float32'),
        (w) => w.leaf[name](0, w.vector, w.leaf),
      ],
      [
        `${name} by an index of other dims`,
        ShapeError,
        message('an index of shape \\[3\\].*\\[2, 3\\]'),
        (w) => w.matrix[name](0, w.ints, w.matrix),
      ],
      [
        `${name} of too few values`,
        ShapeError,
        message('src of shape \\[2\\].*\\[3\\]'),
        (w) => w.leaf[name](0, w.ints.sub(1), w.vector),
      ],
      [
        `${name} of floats into int32`,
        DTypeError,
        message('.*float32.*int32'),
        (w) => w.ints[name](0, w.ints.sub(1), w.leaf),
      ],
      [
        `${name} along no dim`,
        ShapeError,
        message('dim 1 '),
        (w) => w.leaf[name](1, w.ints.sub(1), w.leaf),
      ],
      [
        `${name} into no dims`,
        ShapeError,
        message('.*\\[\\]'),
        (w) => w.one[name](0, int32(0), w.one),
      ],
    ])
  }
  refuses([
    [
      'scatterAdd of a number',
      DTypeError,
      /^scatterAdd: expected a tensor, got 1/,
      (w) => w.leaf.scatterAdd(0, w.ints.sub(1), 1),
    ],
    [
      'scatter of a fraction into int32',
      DTypeError,
      /^scatter: the number 0\.5 .*int32/,
      (w) => w.ints.scatter(0, w.ints.sub(1), 0.5),
    ],
    [
      'scatter of a number out of range',
      ShapeError,
      /^scatter: index 3 .*dim 1 of shape \[2, 3\]/,
      (w) => w.matrix.scatter(1, w.ints.unsqueeze(0), 1),
    ],
    [
      'scatter of a list',
      DTypeError,
      /^scatter: expected a tensor or a number, got an array/,
      (w) => w.leaf.scatter(0, w.ints.sub(1), [1]),
    ],
    [
      'scatterAdd into bools',
      DTypeError,
      /^scatterAdd: bool/,
      (w) => w.mask.scatterAdd(0, w.ints.sub(1), w.mask),
    ],
  ])
})

describe('indexPut and indexPut_', () => {
  for (const name of ['indexPut', 'indexPut_']) {
    const message = (text: string): RegExp => new RegExp(`^${name}: ${text}`)
    refuses([
      [
        `${name} out of range`,
        ShapeError,
        message('index 2 .*dim 0'),
        (w) => w.matrix[name]([w.ints], 0),
      ],
      [
        `${name} at a number out of range`,
        ShapeError,
        message('index 2 '),
        (w) => w.matrix[name]([2], 0),
      ],
      [
        `${name} by floats`,
        DTypeError,
        message('.*float32.*int32'),
        (w) => w.matrix[name]([w.leaf], 0),
      ],
      [
        `${name} by a key that is no list`,
        ShapeError,
        message('expected an array of keys.*got 0'),
        (w) => w.matrix[name](0, 1),
      ],
      [
        `${name} by a tensor that is no list`,
        ShapeError,
        message('expected an array of keys.*got a tensor'),
        (w) => w.vector[name](int32([0]), 1),
      ],
      [
        `${name} of values that do not fit`,
        ShapeError,
        message('.*\\[2, 3\\].*\\[2\\]'),
        (w) => w.matrix[name]([], w.vector),
      ],
      [
        `${name} of values of more dims`,
        ShapeError,
        message('values of shape \\[2, 3\\].*places of shape \\[3\\]'),
        (w) => w.matrix[name]([0], w.matrix),
      ],
      [
        `${name} of floats into int32`,
        DTypeError,
        message('.*float32.*int32'),
        (w) => w.ints[name]([0], w.one),
      ],
      [
        `${name} of 2 into bools`,
        DTypeError,
        message('the number 2 .*bool'),
        (w) => w.mask[name]([0], 2),
      ],
      [
        `${name} of nothing`,
        DTypeError,
        message('expected a tensor or a number, got undefined'),
        (w) => w.vector[name]([0]),
      ],
      [
        `${name} that adds bools`,
        DTypeError,
        message('bool.*added'),
        (w) => w.mask[name]([0], true, { accumulate: true }),
      ],
      [
        `${name} with an option that is none`,
        ValueError,
        message('.*options'),
        (w) => w.vector[name]([0], 1, true),
      ],
    ])
  }
  refuses([
    [
      'indexPut_ into shared memory',
      ShapeError,
      /^indexPut_: .*expanded.*clone/,
      (w) => w.one.expand([3]).indexPut_([0], 1),
    ],
  ])
})

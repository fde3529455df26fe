import { describe } from 'vitest'
import * as core from '../../src/index.ts'
import { refuses } from './refuses.ts'

const { ShapeError, ValueError } = core

describe('shapes that do not fit', () => {
  refuses([
    ['add', ShapeError, /^add: .*\[2, 3\] with \[2\]/, (w) => w.matrix.add(w.vector)],
    ['add as a function', ShapeError, /^add: .*\[2, 3\]/, (w) => core.add(w.vector, w.matrix)],
    ['where', ShapeError, /^where: .*\[3\]/, (w) => core.where(w.mask, w.vector, 0)],
    ['maskedFill', ShapeError, /^maskedFill: .*\[3\]/, (w) => w.vector.maskedFill(w.mask, 0)],
    ['lerp', ShapeError, /^lerp: .*\[2, 3\]/, (w) => w.matrix.lerp(w.vector, 0.5)],
    ['matmul', ShapeError, /^matmul: .*\[2, 3\] and \[2, 3\]/, (w) => w.matrix.matmul(w.matrix)],
    [
      'matmul of a vector',
      ShapeError,
      /^matmul: .*\[2, 3\] and \[2\]/,
      (w) => w.matrix.matmul(w.vector),
    ],
    [
      'matmul of a scalar',
      ShapeError,
      /^matmul: .*\[2, 3\] and \[\].*mul/,
      (w) => w.matrix.matmul(w.one),
    ],
    [
      'matmul of batches',
      ShapeError,
      /^matmul of \[2, 3, 4\] and \[3, 4, 2\].*\[2\] with \[3\]/,
      (w) => w.cubes.matmul(core.zeros([3, 4, 2])),
    ],
    ['dot of a matrix', ShapeError, /^dot: .*\[2, 3\] and \[2\]/, (w) => w.matrix.dot(w.vector)],
    ['dot of two sizes', ShapeError, /^dot: .*\[2\] and \[3\]/, (w) => w.vector.dot(w.leaf)],
    [
      'reshape',
      ShapeError,
      /^reshape: .*\[2, 3\] \(6 elements\) .*\[4, 2\]/,
      (w) => w.matrix.reshape([4, 2]),
    ],
    [
      'reshape with -1',
      ShapeError,
      /^reshape: .*\[2, 3\].*\[4, -1\].*multiple of 4/,
      (w) => w.matrix.reshape([4, -1]),
    ],
    ['reshape with two -1', ShapeError, /^reshape: .*only one/, (w) => w.matrix.reshape([-1, -1])],
    [
      'reshape of nothing with -1',
      ShapeError,
      /^reshape: .*ambiguous/,
      (w) => w.nothing.reshape([0, -1]),
    ],
    [
      'view across strides',
      ShapeError,
      /^view: .*\[3, 2\].*strides.*reshape/,
      (w) => w.matrix.T.view([6]),
    ],
    ['expand', ShapeError, /^expand: .*\[2\] to \[3\]/, (w) => w.vector.expand([3])],
    [
      'expand to fewer dims',
      ShapeError,
      /^expand: .*\[2, 3\] to \[3\]/,
      (w) => w.matrix.expand([3]),
    ],
    ['cat', ShapeError, /^cat: shapes \[2, 3\], \[2\]/, (w) => core.cat([w.matrix, w.vector])],
    ['cat of scalars', ShapeError, /^cat: .*\[\].*stack/, (w) => core.cat([w.one, w.one])],
    ['cat of nothing', ShapeError, /^cat: .*at least one/, () => core.cat([])],
    [
      'stack',
      ShapeError,
      /^stack: shapes \[3\], \[2\] differ/,
      (w) => core.stack([w.leaf, w.vector]),
    ],
    ['split sizes', ShapeError, /^split: .*\[1, 1\].*3/, (w) => w.leaf.split([1, 1])],
    ['narrow', ShapeError, /^narrow: start 2 and length 2 .*\[3\]/, (w) => w.leaf.narrow(0, 2, 2)],
    ['permute', ShapeError, /^permute: dims \[0\].*\[2, 3\]/, (w) => w.matrix.permute([0])],
    [
      'permute twice the same',
      ShapeError,
      /^permute: dimension 0 appears twice/,
      (w) => w.matrix.permute([0, -2]),
    ],
    ['t of three dims', ShapeError, /^t: .*\[2, 3, 4\].*mT/, (w) => w.cubes.t()],
    ['mT of a vector', ShapeError, /^mT: .*\[2\]/, (w) => w.vector.mT],
    [
      'gradient of another shape',
      ShapeError,
      /^backward: .*\[2\].*\[3\]/,
      (w) => w.leaf.mul(2).backward(w.vector),
    ],
    ['iteration over a scalar', ShapeError, /0-d.*item\(\)/, (w) => [...w.one]],
    [
      'add_ that would grow',
      ShapeError,
      /^add_: .*\[2, 3\].*\[3\]|^add_: .*\[3\].*\[2, 3\]/,
      (w) => w.ints.add_(core.zeros([2, 3], { dtype: 'int32' })),
    ],
    ['copy_', ShapeError, /^copy_: .*\[2\]/, (w) => w.vector.copy_(w.ints)],
  ])
})

describe('dims that are not there', () => {
  refuses([
    ['sum', ShapeError, /^sum: dim 2 .*2 dim.*-2 to 1/, (w) => w.matrix.sum(2)],
    ['sum over NaN', ShapeError, /^sum: .*integer.*NaN/, (w) => w.matrix.sum(NaN)],
    ['sum over a string', ShapeError, /^sum: .*'0'/, (w) => w.matrix.sum('0')],
    [
      'sum over a dim twice',
      ShapeError,
      /^sum: dimension 1 appears twice/,
      (w) => w.matrix.sum([1, -1]),
    ],
    ['sum over one and a half', ShapeError, /^sum: .*1\.5/, (w) => w.matrix.sum([1.5])],
    [
      'softmax without dim',
      ShapeError,
      /^softmax: expected a dim.*undefined/,
      (w) => w.matrix.softmax(),
    ],
    ['logSoftmax', ShapeError, /^logSoftmax: dim 5/, (w) => w.matrix.logSoftmax(5)],
    ['flatten by a string', ShapeError, /^flatten: .*'0'/, (w) => w.matrix.flatten('0')],
    [
      'flatten backwards',
      ShapeError,
      /^flatten: start 1 .*end 0.*\[2, 3\]/,
      (w) => w.matrix.flatten(1, 0),
    ],
    [
      'transpose without dims',
      ShapeError,
      /^transpose: expected a dim.*undefined/,
      (w) => w.matrix.transpose(),
    ],
    ['unsqueeze', ShapeError, /^unsqueeze: dim 4/, (w) => w.matrix.unsqueeze(4)],
    [
      'squeeze by options',
      ShapeError,
      /^squeeze: .*an object/,
      (w) => w.matrix.squeeze({ dim: 0 }),
    ],
    ['size', ShapeError, /^size: dim -3/, (w) => w.matrix.size(-3)],
    [
      'argmax over several',
      ShapeError,
      /^argmax: expected a dim, got an array/,
      (w) => w.matrix.argmax([0, 1]),
    ],
    [
      'max over several',
      ShapeError,
      /^max: expected a dim, got an array.*amax/,
      (w) => w.matrix.max([0, 1]),
    ],
    [
      'max of two tensors',
      ShapeError,
      /^max: expected a dim, got a tensor.*maximum/,
      (w) => core.max(w.vector, w.vector as never),
    ],
  ])
})

describe('nothing to reduce', () => {
  refuses([
    ['amax', ShapeError, /^amax: dimension 0 .*\[0, 3\]/, (w) => w.nothing.amax()],
    ['min', ShapeError, /^min: dimension 0 .*\[0, 3\]/, (w) => w.nothing.min(0)],
    ['argmin', ShapeError, /^argmin: .*\[0, 3\]/, (w) => w.nothing.argmin()],
    ['item', ValueError, /^item: .*\[0, 3\]/, (w) => w.nothing.item()],
  ])
})

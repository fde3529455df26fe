import { describe } from 'vitest'
import * as core from '../../src/index.ts'
import { js, refuses } from './refuses.ts'

const { DTypeError, ShapeError, ValueError } = core

describe('moving elements', () => {
  refuses([
    ['flip out of range', ShapeError, /^flip: dim 2 .*2 dimensions/, (w) => w.matrix.flip([2])],
    ['flip twice', ShapeError, /^flip: dimension 1 appears twice/, (w) => w.matrix.flip([1, -1])],
    ['flip of nothing named', ShapeError, /^flip: .*undefined/, (w) => w.matrix.flip()],
    ['flip of an array', DTypeError, /^flip: expected a tensor, got an array/, () => js.flip([1])],
    ['roll by a fraction', ValueError, /^roll: shift .*0\.5/, (w) => w.matrix.roll(0.5, 0)],
    ['roll out of range', ShapeError, /^roll: dim -3/, (w) => w.matrix.roll(1, -3)],
    ['roll of too few dims', ShapeError, /^roll: 2 shifts for 1 dims.*\[2, 3\]/, (w) => w.matrix.roll([1, 2], [0])], // prettier-ignore
    ['roll of no dims', ShapeError, /^roll: 2 shifts for no dim/, (w) => w.matrix.roll([1, 2])],
    ['roll by nothing', ShapeError, /^roll: 0 shifts for 0 dims/, (w) => w.matrix.roll([], [])],
    ['repeat too seldom', ShapeError, /^repeat: 1 times .*\[2, 3\].*2 dims/, (w) => w.matrix.repeat([2])], // prettier-ignore
    ['repeat negative times', ShapeError, /^repeat: .*\[2, -1\]/, (w) => w.matrix.repeat([2, -1])],
    ['repeat by fractions', ShapeError, /^repeat: .*1\.5/, (w) => w.vector.repeat(1.5)],
    ['repeat by a tensor', ShapeError, /^repeat: .*an object/, (w) => w.vector.repeat(w.ints)],
    ['chunk in no parts', ValueError, /^chunk: the number of parts .*0/, (w) => w.vector.chunk(0)],
    ['chunk out of range', ShapeError, /^chunk: dim 1/, (w) => w.vector.chunk(2, 1)],
    ['chunk of a number', ShapeError, /^chunk: a 0-d tensor/, (w) => w.one.chunk(2)],
    ['unbind out of range', ShapeError, /^unbind: dim 1/, (w) => w.vector.unbind(1)],
    ['unbind of a number', ShapeError, /^unbind: a 0-d tensor/, (w) => w.one.unbind()],
  ])
})

describe('diagonals', () => {
  refuses([
    ['tril of a vector', ShapeError, /^tril: expected a matrix.*\[2\]/, (w) => w.vector.tril()],
    ['triu of a fraction', ValueError, /^triu: diagonal .*0\.5/, (w) => w.matrix.triu(0.5)],
    ['diagonal of a vector', ShapeError, /^diagonal: .*\[2\].*diag makes/, (w) => w.vector.diagonal()], // prettier-ignore
    ['diagonal along one dim', ShapeError, /^diagonal: d1 1 and d2 -2 .*\[2, 3, 4\]/, (w) => w.cubes.diagonal(0, 1, -2)], // prettier-ignore
    ['diagonal of a wrong dim', ShapeError, /^diagonal: dim 2/, (w) => w.matrix.diagonal(0, 0, 2)],
    ['diagonal off by a string', ValueError, /^diagonal: offset .*'1'/, (w) => w.matrix.diagonal('1')], // prettier-ignore
    ['diag of cubes', ShapeError, /^diag: .*\[2, 3, 4\]; diagonal/, (w) => w.cubes.diag()],
    ['diag of a number', ShapeError, /^diag: .*\[\]/, (w) => w.one.diag()],
    ['diag off by NaN', ValueError, /^diag: diagonal .*NaN/, (w) => w.vector.diag(NaN)],
  ])
})

describe('pad', () => {
  refuses([
    ['of odd length', ValueError, /^pad: .*pairs.*\[1, 2, 3\]/, (w) => w.matrix.pad([1, 2, 3])],
    ['by a number', ValueError, /^pad: .*pairs.*got 1/, (w) => w.matrix.pad(1)],
    ['by fractions', ValueError, /^pad: a width .*0\.5/, (w) => w.matrix.pad([0, 0.5])],
    ['in more dims than there are', ShapeError, /^pad: 2 pairs .*\[2\]/, (w) => w.vector.pad([0, 0, 1, 1])], // prettier-ignore
    ['cuts off too much', ShapeError, /^pad: widths -2 and -1 .*dim 0 .*\[2\]/, (w) => w.vector.pad([-2, -1])], // prettier-ignore
    ['in another mode', ValueError, /^pad: there is no mode 'circular'.*'reflect'/, (w) => w.vector.pad([1, 1], { mode: 'circular' })], // prettier-ignore
    ['reflects too far', ShapeError, /^pad: widths 0 and 2 .*'reflect' needs at least 3/, (w) => w.vector.pad([0, 2], { mode: 'reflect' })], // prettier-ignore
    ['reflects nothing', ShapeError, /^pad: .*'reflect' needs at least 2/, (w) => w.nothing.pad([0, 0, 1, 0], { mode: 'reflect' })], // prettier-ignore
    ['copies nothing', ShapeError, /^pad: .*'replicate' needs at least 1/, (w) => w.nothing.pad([0, 0, 1, 0], { mode: 'replicate' })], // prettier-ignore
    ['with a value to reflect', ValueError, /^pad: mode 'reflect' takes no value/, (w) => w.vector.pad([1, 0], { mode: 'reflect', value: 1 })], // prettier-ignore
    [
      'with no number',
      ValueError,
      /^pad: value .*'1'/,
      (w) => w.vector.pad([1, 0], { value: '1' }),
    ],
    ['with a fraction in int32', DTypeError, /^pad: .*0\.5 .*int32/, (w) => w.ints.pad([1, 0], { value: 0.5 })], // prettier-ignore
    ['with 2 among bools', DTypeError, /^pad: the number 2 .*bool/, (w) => w.mask.pad([1, 0], { value: 2 })], // prettier-ignore
    ['with too much for int32', DTypeError, /^pad: .*2147483648 .*int32/, (w) => w.ints.pad([1, 0], { value: 2 ** 31 })], // prettier-ignore
    ['by a mode alone', ValueError, /^pad: expected options.*'reflect'/, (w) => w.vector.pad([1, 0], 'reflect')], // prettier-ignore
  ])
})

describe('strict products', () => {
  refuses([
    ['mm of a vector', ShapeError, /^mm: .*\[2, 3\] and \[3\].*matmul/, (w) => w.matrix.mm(w.leaf)],
    ['mm of cubes', ShapeError, /^mm: .*\[2, 3, 4\]/, (w) => w.cubes.mm(w.matrix)],
    ['mm of other sizes', ShapeError, /^mm: .*\[2, 3\] and \[2, 3\]/, (w) => w.matrix.mm(w.matrix)],
    ['mm of bools', DTypeError, /^mm: not defined for bool/, (w) => w.mask.reshape([1, 3]).mm(w.mask.reshape([3, 1]))], // prettier-ignore
    ['bmm of matrices', ShapeError, /^bmm: .*\[b, m, k\].*\[2, 3\]/, (w) => w.matrix.bmm(w.matrix.T)], // prettier-ignore
    ['bmm of other batches', ShapeError, /^bmm: .*\[1, 4, 3\]/, (w) => w.cubes.bmm(core.ones([1, 4, 3]))], // prettier-ignore
    ['bmm of other sizes', ShapeError, /^bmm: .*\[2, 3, 4\]/, (w) => w.cubes.bmm(w.cubes)],
    ['outer of a matrix', ShapeError, /^outer: .*\[2, 3\] and \[2\]/, (w) => w.matrix.outer(w.vector)], // prettier-ignore
    [
      'outer with a number',
      DTypeError,
      /^outer: expected a tensor, got 2/,
      (w) => w.vector.outer(2),
    ],
  ])
})

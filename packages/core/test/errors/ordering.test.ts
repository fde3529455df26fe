import { describe } from 'vitest'
import { DTypeError, ShapeError, ValueError } from '../../src/index.ts'
import { js, refuses } from './refuses.ts'

describe('what has no order, no middle and no running total', () => {
  refuses([
    ['sort of a number', DTypeError, /^sort: expected a tensor, got 3/, () => js.sort(3)],
    ['sort beyond the dims', ShapeError, /^sort: dim 2 .* -2 to 1/, (w) => w.matrix.sort(2)],
    [
      'sort by a name',
      ShapeError,
      /^sort: expected a dim.* 'falling'/,
      (w) => w.matrix.sort('falling'),
    ],
    [
      'sort with a flag',
      ValueError,
      /^sort: expected options.* true/,
      (w) => w.matrix.sort(0, true),
    ],
    [
      'sort by a list',
      ValueError,
      /^sort: expected options.* an array/,
      (w) => w.matrix.sort([0, 1]),
    ],
    [
      'topk of too many',
      ShapeError,
      /^topk: k is 4, but dim -1 of shape \[2, 3\] .* 3 elements/,
      (w) => w.matrix.topk(4),
    ],
    [
      'topk of a 0-d tensor',
      ShapeError,
      /^topk: k is 2, but dim -1 of shape \[\] .* 1 element/,
      (w) => w.one.topk(2),
    ],
    [
      'topk of nothing',
      ShapeError,
      /^topk: k is 1, but dim 0 of shape \[0, 3\]/,
      (w) => w.nothing.topk(1, 0),
    ],
    [
      'topk of less than none',
      ValueError,
      /^topk: k must be an integer of at least 0, got -1/,
      (w) => w.matrix.topk(-1),
    ],
    [
      'topk of a fraction',
      ValueError,
      /^topk: k must be an integer.* 1\.5/,
      (w) => w.matrix.topk(1.5),
    ],
    [
      'topk without k',
      ValueError,
      /^topk: k must be an integer.* undefined/,
      (w) => w.matrix.topk(),
    ],
    ['topk beyond the dims', ShapeError, /^topk: dim -3 .* -2 to 1/, (w) => w.matrix.topk(1, -3)],
    [
      'topk with a flag',
      ValueError,
      /^topk: expected options.* false/,
      (w) => w.matrix.topk(1, 0, false),
    ],
    [
      'median of nothing',
      ShapeError,
      /^median: dimension 0 of shape \[0, 3\] is empty/,
      (w) => w.nothing.median(),
    ],
    [
      'median along nothing',
      ShapeError,
      /^median: dimension 0 .* is empty/,
      (w) => w.nothing.median(0),
    ],
    ['median beyond the dims', ShapeError, /^median: dim 2 /, (w) => w.matrix.median(2)],
    [
      'median over several',
      ShapeError,
      /^median: expected a dim, got an array$/,
      (w) => w.matrix.median([0, 1]),
    ],
    [
      'cumsum without a dim',
      ShapeError,
      /^cumsum: expected a dim.* undefined/,
      (w) => w.matrix.cumsum(),
    ],
    ['cumsum beyond the dims', ShapeError, /^cumsum: dim 2 /, (w) => w.matrix.cumsum(2)],
    ['cumprod beyond the dims', ShapeError, /^cumprod: dim -3 /, (w) => w.matrix.cumprod(-3)],
    [
      'cumprod of a list',
      DTypeError,
      /^cumprod: expected a tensor, got an array/,
      () => js.cumprod([1, 2], 0),
    ],
  ])
})

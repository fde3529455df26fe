import { describe } from 'vitest'
import * as core from '../../src/index.ts'
import { refuses } from './refuses.ts'

const { DTypeError, ShapeError, ValueError } = core

describe('indices', () => {
  refuses([
    [
      'gather out of range',
      ShapeError,
      /^gather: index 3 .*dim 0 .*\[3\].*0 to 2/,
      (w) => w.leaf.gather(0, w.ints),
    ],
    ['gather below 0', ShapeError, /^gather: index -1 /, (w) => w.leaf.gather(0, w.ints.sub(2))],
    [
      'gather along another dim',
      ShapeError,
      /^gather: index 3 .*dim 1 of shape \[2, 3\].*0 to 2/,
      (w) => w.matrix.gather(1, w.ints.unsqueeze(0)),
    ],
    [
      'gather by floats',
      DTypeError,
      /^gather: .*int32.*float32/,
      (w) => w.leaf.gather(0, w.leaf.detach()),
    ],
    [
      'gather of other dims',
      ShapeError,
      /^gather: .*\[3\].*\[2, 3\]/,
      (w) => w.matrix.gather(0, w.ints),
    ],
    ['gather by an array', DTypeError, /^gather: .*an array/, (w) => w.leaf.gather(0, [0])],
    [
      'indexSelect out of range',
      ShapeError,
      /^indexSelect: index 2 .*\[2\]/,
      (w) => w.vector.indexSelect(0, w.ints),
    ],
    [
      'indexSelect below 0',
      ShapeError,
      /^indexSelect: index -1 .*\[2\].*0 to 1/,
      (w) => w.vector.indexSelect(0, w.ints.sub(2)),
    ],
    [
      'indexSelect of nothing',
      ShapeError,
      /^indexSelect: index 1 .*dim 0 of shape \[0, 3\].*0 elements/,
      (w) => w.nothing.indexSelect(0, w.ints),
    ],
    [
      'indexSelect by a matrix',
      ShapeError,
      /^indexSelect: .*\[1, 3\] and \[2, 3\]/,
      (w) => w.matrix.indexSelect(1, w.ints.unsqueeze(0)),
    ],
    [
      'indexSelect by an array',
      DTypeError,
      /^indexSelect: .*an array/,
      (w) => w.vector.indexSelect(0, [0]),
    ],
    ['at out of range', ShapeError, /^at: index 2 .*dim 0.*\[2, 3\]/, (w) => w.matrix.at(2)],
    ['at, far below', ShapeError, /^at: index -4 .*dim 1/, (w) => w.matrix.at(0, -4)],
    ['at with too many keys', ShapeError, /^at: 3 keys.*\[2, 3\]/, (w) => w.matrix.at(0, 0, 0)],
    ["at with two '...'", ShapeError, /^at: '\.\.\.' .*once/, (w) => w.cubes.at('...', '...')],
    ['at with a fraction', ShapeError, /^at: index 0\.5 is no integer/, (w) => w.matrix.at(0.5)],
    ['at with undefined', ShapeError, /^at: undefined is no key/, (w) => w.matrix.at(undefined)],
    [
      'at with a range as a string',
      ShapeError,
      /^at: '0:1' is no key.*slice/,
      (w) => w.matrix.at('0:1'),
    ],
    [
      'at with a list',
      ShapeError,
      /^at: an array is no key.*tensor of indices/,
      (w) => w.matrix.at([0, 1]),
    ],
    ['slice by a fraction', ValueError, /^slice: start .*0\.5/, () => core.slice(0.5)],
    ['slice backwards', ValueError, /^slice: step .*-1/, () => core.slice(0, 3, -1)],
  ])
})

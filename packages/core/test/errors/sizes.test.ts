import { describe } from 'vitest'
import * as core from '../../src/index.ts'
import { js, refuses } from './refuses.ts'

const { ShapeError, ValueError } = core
type World = Record<string, any>

describe('negative sizes', () => {
  const size = (name: string, seen: string): RegExp =>
    new RegExp(`^${name}: expected a shape.*got \\[${seen}\\]; sizes are 0, 1, 2, …$`)
  const created: [name: string, args: unknown[], seen: string][] = [
    ...['zeros', 'ones', 'empty', 'rand', 'randn'].map((name): [string, unknown[], string] => [
      name,
      [[2, -1]],
      '2, -1',
    ]),
    ['full', [[-2], 1], '-2'],
    ['randint', [0, 3, [-1]], '-1'],
    ['eye', [-1], '-1, -1'],
    ['eye', [2, -3], '2, -3'],
    ['tensor', [[1, 2], { shape: [2, -1] }], '2, -1'],
  ]
  refuses([
    ...created.map(
      ([name, args, seen]) =>
        [`${name} of ${seen}`, ShapeError, size(name, seen), () => js[name]!(...args)] as const,
    ),
    ['linspace', ValueError, /^linspace: steps .*at least 0, got -1/, () => core.linspace(0, 1, -1)],
    ['reshape', ShapeError, size('reshape', '-2, -3'), (w) => w.matrix.reshape([-2, -3])],
    ['view', ShapeError, size('view', '-2, 3'), (w) => w.matrix.view([-2, 3])],
    ['expand', ShapeError, size('expand', '-2, 3'), (w) => w.matrix.expand([-2, 3])],
    ['expand to an unknown one', ShapeError, /^expand: .*\[-1, 2, 3\]/, (w) => w.matrix.expand([-1, 2, 3])],
    ['split', ValueError, /^split: size .*at least 1, got -1/, (w) => w.leaf.split(-1)],
    ['split in sizes', ShapeError, size('split', '4, -1'), (w) => w.leaf.split([4, -1])],
    ['narrow', ValueError, /^narrow: length .*at least 0, got -1/, (w) => w.leaf.narrow(0, 1, -1)],
    ['chunk', ValueError, /^chunk: the number of parts .*got -2/, (w) => w.leaf.chunk(-2)],
    ['RandomState.rand', ShapeError, size('RandomState.rand', '2, -1'), () => new core.RandomState(1).rand(2, -1)],
    ['RandomState.permutation', ValueError, /^RandomState\.permutation: .*-1/, () => new core.RandomState(1).permutation(-1)],
  ]) // prettier-ignore
})

/** Every function that takes a dim, called with one. */
const byDim: Record<string, (w: World, dim: any) => unknown> = {
  ...Object.fromEntries(
    ['sum', 'mean', 'prod', 'std', 'amax', 'amin', 'logsumexp', 'all', 'any', 'argmax', 'argmin']
      .concat(['max', 'min', 'median', 'sort', 'cumsum', 'cumprod', 'softmax', 'logSoftmax'])
      .concat(['flatten', 'squeeze', 'unbind', 'size'])
      .map((name) => [name, (w: World, dim: unknown) => w.matrix[name](dim)]),
  ),
  variance: (w, dim) => w.matrix.var(dim),
  norm: (w, dim) => w.matrix.norm(2, dim),
  topk: (w, dim) => w.matrix.topk(1, dim),
  transpose: (w, dim) => w.matrix.transpose(0, dim),
  permute: (w, dim) => w.matrix.permute([0, dim]),
  flip: (w, dim) => w.matrix.flip([dim]),
  roll: (w, dim) => w.matrix.roll(1, dim),
  narrow: (w, dim) => w.matrix.narrow(dim, 0, 1),
  split: (w, dim) => w.matrix.split(1, dim),
  chunk: (w, dim) => w.matrix.chunk(1, dim),
  diagonal: (w, dim) => w.matrix.diagonal(0, 0, dim),
  cat: (w, dim) => core.cat([w.matrix, w.matrix], dim),
  indexSelect: (w, dim) => w.matrix.indexSelect(dim, w.ints),
  gather: (w, dim) => w.matrix.gather(dim, w.ints.unsqueeze(0)),
  scatter: (w, dim) => w.matrix.scatter(dim, w.ints.unsqueeze(0), 1),
  scatterAdd: (w, dim) => w.matrix.scatterAdd(dim, w.ints.unsqueeze(0), w.matrix),
}

describe.each(Object.entries(byDim))('a dim that %s does not find', (name, run) => {
  const range = `^${name}: dim (2|-3) is out of range for a tensor of 2 dimensions; expected -2 to 1$`
  refuses([
    ['above', ShapeError, new RegExp(range), (w) => run(w, 2)],
    ['below', ShapeError, new RegExp(range), (w) => run(w, -3)],
    ['between', ShapeError, new RegExp(`^${name}: .*0\\.5`), (w) => run(w, 0.5)],
    ['by name', ShapeError, new RegExp(`^${name}: .*'rows'`), (w) => run(w, 'rows')],
  ])
})

describe('a new dim that is out of range', () => {
  refuses([
    ['stack', ShapeError, /^stack: dim 3 .*3 dimensions/, (w) => core.stack([w.matrix], 3)],
    ['unsqueeze', ShapeError, /^unsqueeze: dim -4 .*3 dimensions/, (w) => w.matrix.unsqueeze(-4)],
  ])
})

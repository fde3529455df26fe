import type { Sampler } from '@gradtape/core'

/** Draws large arguments of an op; each is one way among several. */
type Draw = (g: Sampler) => readonly (() => readonly unknown[])[]

/** Sizes of products: of odd ones, of vectors, around the tiles of 4 × 8 and 4 × 4, beyond a block's depth. */
const products = [
  [33, 65, 34],
  [64, 64, 64],
  [13, 300, 17],
  [131, 7, 40],
  [1, 700, 9],
  [90, 31, 1],
  [3, 2, 1000],
] as const

const mm: Draw = (g) => products.map(([m, k, n]) => () => [g.real([m, k]), g.real([k, n])])
const bmm: Draw = (g) => [
  () => [g.real([3, 17, 21]), g.real([3, 21, 19])],
  () => [g.real([2, 40, 16]), g.real([2, 16, 24])],
]

const images = (rank: 1 | 2, channels: number): (() => readonly number[])[] =>
  rank === 1
    ? [() => [2, channels, 301], () => [channels, 640]]
    : [() => [2, channels, 11, 13], () => [3, channels, 7, 19], () => [channels, 17, 16]]

const conv =
  (rank: 1 | 2, transposed: boolean): Draw =>
  (g) =>
    [
      [6, 8, 1, 3],
      [4, 6, 2, 2],
      [3, 5, 1, 5],
    ].flatMap(([channels, filters, groups, kernel]) =>
      images(rank, channels!).map((shape) => () => {
        const inner = transposed ? [channels, filters! / groups!] : [filters, channels! / groups!]
        const weight = g.real([...inner, ...Array<number>(rank).fill(kernel!)] as number[])
        const bias = g.pick([() => null, () => g.real([filters!])])()
        const options = g.pick([{}, { stride: 2 }, { padding: 1 }, { padding: 2, dilation: 2 }])
        return [g.real(shape()), weight, bias, { groups, ...options }]
      }),
    )

const pool =
  (rank: 1 | 2, dilation: number): Draw =>
  (g) =>
    images(rank, 4).flatMap((shape) => [
      () => [g.real(shape()), 2],
      () => [g.real(shape()), 3, { stride: 2, padding: 1 }],
      () => [g.real(shape()), 3, { stride: 1, ...(dilation > 1 ? { dilation } : {}) }],
    ])

/** Rows of any length, and numbers far from 0, where little is left of them. */
const alongRows: Draw = (g) => [
  () => [g.real([31, 40], [997, 1003]), -1],
  () => [g.real([2, 17, 45]), 1],
  () => [g.real([1300]), 0],
  () => [g.real([4, 400], [-1003, -997]), -1],
  () => [g.real([33, 45]), 0],
]

/**
 * Large arguments of ops whose entries draw the sizes of dims one by one, so that they are always small, and
 * special ones of others.
 */
export const largeArguments: Readonly<Record<string, Draw>> = {
  mm,
  bmm,
  matmul: (g) => [
    ...mm(g),
    ...bmm(g),
    () => [g.real([700]), g.real([700, 6])],
    () => [g.real([4, 33, 20]), g.real([20, 15])],
    () => [g.real([3, 1, 16, 20]), g.real([2, 20, 18])],
  ],
  dot: (g) => [() => [g.real([5000]), g.real([5000])]],
  outer: (g) => [() => [g.real([40]), g.real([33])]],
  einsum: (g) => [
    () => ['ij,jk->ik', g.real([30, 41]), g.real([41, 12])],
    () => ['bij,bkj->bik', g.real([3, 17, 20]), g.real([3, 13, 20])],
    () => ['bthd,bshd->bhts', g.real([2, 9, 2, 16]), g.real([2, 11, 2, 16])],
    () => ['ii,ij,jk->k', g.real([20, 20]), g.real([20, 31]), g.real([31, 9])],
    () => ['ij->j', g.real([61, 40])],
  ],
  softmax: alongRows,
  logSoftmax: alongRows,
  logsumexp: alongRows,
  standardize: (g) => [
    () => [g.real([33, 48])],
    () => [g.real([3, 30, 31]), { eps: 0.1 }],
    () => [g.real([2, 7000])],
  ],
  // Each piece has a gradient as large as the whole.
  split: (g) => [() => [g.real([60, 40]), 7, 0], () => [g.real([4, 700]), [300, 0, 400], 1]],
  chunk: (g) => [() => [g.real([60, 40]), 4, -1], () => [g.real([1500]), 3]],
  unbind: (g) => [() => [g.real([6, 400])], () => [g.real([500, 5]), -1]],
  conv1d: conv(1, false),
  conv2d: conv(2, false),
  convTranspose1d: conv(1, true),
  convTranspose2d: conv(2, true),
  avgPool1d: pool(1, 1),
  avgPool2d: pool(2, 1),
  maxPool1d: pool(1, 2),
  maxPool2d: pool(2, 2),
  unfold: (g) => [
    () => [g.real([2, 3, 20, 22]), [3, 3]],
    () => [g.real([2, 31, 30]), [2, 3], { padding: [1, 0], stride: 2 }],
  ],
  fold: (g) => [
    () => [g.real([2, 27, 360]), [20, 22], [3, 3]],
    () => [g.real([18, 196]), [28, 28], [3, 3], { stride: 2, padding: 1 }],
  ],
}

/** So many elements that kernels work on them in parts. */
const many: Draw = (g) => [() => [g.real([3, 6700])], () => [g.real([131_073])]]

/** What is done in parts, or shared out among threads. */
export const hugeArguments: Readonly<Record<string, Draw>> = {
  matmul: (g) => [
    () => [g.real([131, 300]), g.real([300, 141])],
    () => [g.real([700, 750]), g.real([750, 9])],
  ],
  add: (g) => [
    () => [g.real([3, 6700]), g.real([3, 6700])],
    () => [g.real([170, 201]), g.real([201])],
  ],
  gelu: many,
  log: (g) => [() => [g.real([3, 6700], [0.1, 3])]],
  softmax: (g) => [() => [g.real([90, 301]), -1], () => [g.real([5, 7001]), 1]],
  sum: (g) => [() => [g.real([3, 6700]), 1], () => [g.real([301, 90]), 0]],
}

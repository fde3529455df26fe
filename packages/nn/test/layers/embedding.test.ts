import {
  DTypeError,
  manualSeed,
  RandomGenerator,
  ShapeError,
  tensor,
  ValueError,
  vmap,
  zeros,
  type Tensor,
} from '@gradtape/core'
import { Embedding, functional as F } from '@gradtape/nn'
import { describe, expect, test } from 'vitest'

const index = (...values: number[]): Tensor => tensor(values, { dtype: 'int32' })

describe('Embedding', () => {
  test('starts normal with deviation 1, but for the row of padding', () => {
    manualSeed(2)
    const layer = new Embedding(400, 50, { paddingIdx: -1 })
    expect(layer.weight.shape).toEqual([400, 50])
    expect(layer.paddingIdx).toBe(399)
    expect(layer.weight.at(399).abs().sum().item()).toBe(0)
    const rest = layer.weight.narrow(0, 0, 399)
    expect(rest.std().item()).toBeCloseTo(1, 1)
    expect(rest.mean().item()).toBeCloseTo(0, 1)
    expect(rest.abs().max().item()).toBeGreaterThan(3)
    const own = (): Tensor => new Embedding(4, 3, { generator: new RandomGenerator(1) }).weight
    expect(own().toArray()).toEqual(own().toArray())
    expect(new Embedding(4, 3, { dtype: 'float64' }).weight.dtype).toBe('float64')
    expect(String(new Embedding(4, 3, { paddingIdx: 1 }))).toBe('Embedding(4, 3, paddingIdx=1)')
    expect(String(new Embedding(4, 3))).toBe('Embedding(4, 3)')
  })

  test('looks up int32, int64 and uint8', () => {
    const layer = new Embedding(4, 3)
    const rows = layer.weight.toArray() as number[][]
    for (const dtype of ['int32', 'int64', 'uint8'] as const) {
      const found = layer.forward(tensor([[3, 0]], { dtype }))
      expect(found.toArray()).toEqual([[rows[3], rows[0]]])
    }
    expect(layer.forward(zeros([2, 0], { dtype: 'int32' })).shape).toEqual([2, 0, 3])
  })

  test('maxNorm cuts the rows that are looked up, in place', () => {
    const layer = new Embedding(3, 2, { maxNorm: 1, dtype: 'float64' })
    const weight = tensor([[3, 4], [3, 4], [0.3, 0.4]], { dtype: 'float64' }) // prettier-ignore
    layer.loadStateDict({ weight })
    layer
      .forward(index(0, 2, 0))
      .sum()
      .backward()
    const [cut, kept, short] = layer.weight.toArray() as number[][]
    expect(cut![0]).toBeCloseTo(0.6, 6)
    expect(kept).toEqual([3, 4])
    expect(short).toEqual([0.3, 0.4])
    expect(layer.weight.grad!.toArray()).toEqual([[2, 2], [0, 0], [1, 1]]) // prettier-ignore
  })

  test('refuses bad sizes and options', () => {
    for (const size of [0, -2, 1.5, '4' as never]) {
      expect(() => new Embedding(size, 3)).toThrow(/Embedding: numEmbeddings/)
      expect(() => new Embedding(3, size)).toThrow(/Embedding: embeddingDim/)
    }
    for (const paddingIdx of [4, -5, 0.5, '0' as never]) {
      expect(() => new Embedding(4, 3, { paddingIdx })).toThrow(/Embedding: paddingIdx .* 4 rows/)
    }
    expect(() => new Embedding(4, 3, { maxNorm: 0 })).toThrow(/Embedding: maxNorm/)
    expect(() => new Embedding(4, 3, { normType: -1 })).toThrow(/Embedding: normType/)
    expect(() => new Embedding(4, 3, { scaleGradByFreq: 1 as never })).toThrow(ValueError)
    expect(() => new Embedding(4, 3, { padding: 1 } as never)).toThrow(/no option 'padding'/)
    expect(() => new Embedding(4, 3, { dtype: 'int32' as never })).toThrow(/Embedding: dtype/)
  })

  test('refuses indices that are no rows, or no integers', () => {
    const layer = new Embedding(4, 3)
    expect(() => layer.forward(index(0, 4))).toThrow(ValueError)
    expect(() => layer.forward(index(0, 4))).toThrow(
      'embedding: index 4 at element 1 is out of range; expected 0 to 3',
    )
    expect(() => layer.forward(index(-1))).toThrow(/index -1 at element 0/)
    expect(() => layer.forward(zeros([2]))).toThrow(/embedding: .*integers.*float32.*int32/)
    expect(() => layer.forward(2 as never)).toThrow(DTypeError)
  })
})

describe('functional.embedding', () => {
  test('refuses what does not fit', () => {
    expect(() => F.embedding(index(0), zeros([4]))).toThrow(ShapeError)
    expect(() => F.embedding(index(0), zeros([4, 2], { dtype: 'int32' }))).toThrow(DTypeError)
    expect(() => F.embedding(zeros([4, 2]), index(0))).toThrow(DTypeError)
    expect(() => F.embedding(index(0), zeros([4, 2]), { paddingIdx: 4 })).toThrow(
      /embedding: paddingIdx/,
    )
    expect(() => F.embedding(index(0), zeros([4, 2]), { pad: 4 } as never)).toThrow(/option 'pad'/)
  })

  test('under vmap is the loop over examples', () => {
    const table = tensor([[1, 2], [3, 4], [5, 6]]) // prettier-ignore
    const places = tensor([[2, 1], [0, 0]], { dtype: 'int32' }) // prettier-ignore
    const found = vmap((one: Tensor) => F.embedding(one, table, { paddingIdx: 0 }))(places)
    expect(found.toArray()).toEqual([[[5, 6], [3, 4]], [[1, 2], [1, 2]]]) // prettier-ignore
    const far = tensor([[2, 1], [0, 3]], { dtype: 'int32' }) // prettier-ignore
    expect(() => vmap((one: Tensor) => F.embedding(one, table))(far)).toThrow(
      /index 3 at element 3/,
    )
  })
})

describe('oneHot', () => {
  test('takes labels of any integer dtype and shape', () => {
    expect(F.oneHot(tensor(1, { dtype: 'uint8' }), 3).toArray()).toEqual([0, 1, 0])
    const large = F.oneHot(tensor([[2], [0]], { dtype: 'int64' })) // prettier-ignore
    expect([large.dtype, large.toArray()]).toEqual(['int32', [[[0, 0, 1]], [[1, 0, 0]]]])
    expect(F.oneHot(zeros([0], { dtype: 'int32' }), 3).shape).toEqual([0, 3])
  })

  test('refuses what does not fit', () => {
    expect(() => F.oneHot(index(0, 3), 3)).toThrow('oneHot: index 3 at element 1 is out of range')
    expect(() => F.oneHot(index(-1))).toThrow(ValueError)
    expect(() => F.oneHot(index(0), 0)).toThrow(/oneHot: classes/)
    expect(() => F.oneHot(index(0), 1.5)).toThrow(ValueError)
    expect(() => F.oneHot(zeros([0], { dtype: 'int32' }))).toThrow(/oneHot: of no labels/)
    expect(() => F.oneHot(zeros([2]), 3)).toThrow(DTypeError)
  })
})

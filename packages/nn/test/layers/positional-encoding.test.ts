import { DTypeError, manualSeed, ShapeError, ValueError, zeros } from '@gradtape/core'
import { LearnedPositionalEncoding, PositionalEncoding } from '@gradtape/nn'
import { describe, expect, test } from 'vitest'

const float64 = { dtype: 'float64' } as const

describe('PositionalEncoding', () => {
  test.each([4, 5, 1])('is waves of falling frequency over %s features', (size) => {
    const table = new PositionalEncoding(size, float64).forward(zeros([60, size], float64))
    for (const t of [0, 1, 7, 59]) {
      for (let j = 0; j < size; j++) {
        const angle = t / Math.pow(10000, (2 * Math.floor(j / 2)) / size)
        const wave = j % 2 === 0 ? Math.sin(angle) : Math.cos(angle)
        expect(table.at(t, j).item()).toBeCloseTo(wave, 13)
      }
    }
  })

  test('is no state, but of a dtype', () => {
    const layer = new PositionalEncoding(4, { maxLength: 7 })
    expect([layer.stateDict(), layer.parameters()]).toEqual([{}, []])
    expect([layer.encoding.dtype, layer.encoding.shape]).toEqual(['float32', [7, 4]])
    expect(layer.to('float64').encoding.dtype).toBe('float64')
    expect(String(layer)).toBe('PositionalEncoding(4, maxLength=7)')
  })
})

test('LearnedPositionalEncoding learns the rows of the times it meets', () => {
  manualSeed(1)
  const layer = new LearnedPositionalEncoding(50, 40)
  expect(layer.weight.std().item()).toBeCloseTo(0.02, 3)
  layer
    .forward(zeros([3, 2, 40]))
    .sum()
    .backward()
  expect(layer.weight.grad!.sum(1).narrow(0, 0, 5).toArray()).toEqual([80, 80, 80, 0, 0])
  expect(Object.keys(layer.stateDict())).toEqual(['weight'])
  expect(String(layer)).toBe('LearnedPositionalEncoding(50, 40)')
})

const both = [PositionalEncoding, LearnedPositionalEncoding] as const
describe.each(both.map((Layer) => [Layer.name, Layer] as const))('%s', (name, Layer) => {
  const make = (options: object = {}): PositionalEncoding | LearnedPositionalEncoding =>
    Layer === PositionalEncoding
      ? new PositionalEncoding(2, { maxLength: 5, ...options })
      : new LearnedPositionalEncoding(5, 2, options)

  test('adds the same to every sequence, wherever the batch is', () => {
    const layer = make()
    const one = layer.forward(zeros([3, 2]))
    const rows = layer.forward(zeros([3, 4, 2]))
    const batchFirst = make({ batchFirst: true })
    const columns = batchFirst.forward(zeros([4, 3, 2]))
    const alone = batchFirst.forward(zeros([3, 2]))
    for (let i = 0; i < 4; i++) {
      expect(rows.narrow(1, i, 1).squeeze(1).toArray()).toEqual(one.toArray())
      expect(columns.at(i).toArray()).toEqual(alone.toArray())
    }
  })

  test('refuses what does not fit', () => {
    for (const shape of [[6, 2], [6, 1, 2], [3, 3], [2], [1, 3, 4, 2]]) {
      expect(() => make().forward(zeros(shape))).toThrow(ShapeError)
      expect(() => make().forward(zeros(shape))).toThrow(`got shape [${shape.join(', ')}]`)
    }
    expect(() => make({ batchFirst: true }).forward(zeros([1, 6, 2]))).toThrow(/at most 5 times/)
    expect(() => make().forward(zeros([3, 2], { dtype: 'int32' }))).toThrow(DTypeError)
    for (const size of [0, 1.5, NaN]) {
      expect(() => new PositionalEncoding(size)).toThrow(ValueError)
      expect(() => new LearnedPositionalEncoding(size, 2)).toThrow(/maxLength must/)
      expect(() => new LearnedPositionalEncoding(2, size)).toThrow(/dModel must/)
      expect(() => new PositionalEncoding(2, { maxLength: size })).toThrow(/maxLength must/)
    }
    expect(() => make({ dropout: 0.1 })).toThrow(`${name}: there is no option 'dropout'`)
    expect(() => make({ batchFirst: 1 })).toThrow(/batchFirst must/)
  })
})

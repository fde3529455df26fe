import { arange, manualSeed, RandomGenerator, ShapeError, tensor, ValueError } from '@gradtape/core'
import type { Tensor } from '@gradtape/core'
import { transforms } from '@gradtape/data'
import { describe, expect, it } from 'vitest'

const image = arange(20, { dtype: 'int32' }).reshape([1, 4, 5])
const seeded = (seed: number) => ({ generator: new RandomGenerator(seed) })
const times = (n: number, make: () => Tensor) => Array.from({ length: n }, make)

describe('centerCrop', () => {
  it.each<[number | [number, number], number[][]]>([
    [
      [2, 3],
      [
        [6, 7, 8],
        [11, 12, 13],
      ],
    ],
    [
      [4, 1],
      [[2], [7], [12], [17]],
    ],
    // Margins of 1 and 3: their halves 0.5 and 1.5 are rounded to 0 and 2.
    [
      [3, 2],
      [
        [2, 3],
        [7, 8],
        [12, 13],
      ],
    ],
    [
      4,
      [
        [0, 1, 2, 3],
        [5, 6, 7, 8],
        [10, 11, 12, 13],
        [15, 16, 17, 18],
      ],
    ],
  ])('cuts the middle out: %o', (size, expected) => {
    expect(transforms.centerCrop(size)(image).toArray()).toEqual([expected])
  })
})

describe('randomCrop', () => {
  it('cuts out a part, all places equally often, as the generator settles', () => {
    const crop = transforms.randomCrop([3, 3], seeded(1))
    const corners = times(600, () => crop(image)).map((part) => {
      const corner = part.at(0, 0, 0).item()
      expect(part.sub(corner).toArray()).toEqual([
        [
          [0, 1, 2],
          [5, 6, 7],
          [10, 11, 12],
        ],
      ])
      return corner
    })
    const counts = new Map<number, number>()
    for (const corner of corners) counts.set(corner, (counts.get(corner) ?? 0) + 1)
    expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 5, 6, 7])
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(46)
    const again = transforms.randomCrop([3, 3], seeded(1))
    expect(times(600, () => again(image)).map((part) => part.at(0, 0, 0).item())).toEqual(corners)
  })

  it('puts zeros around first', () => {
    const ones = tensor([
      [1, 1],
      [1, 1],
    ])
    const crop = transforms.randomCrop(6, { padding: 2 })
    expect(crop(ones).at(2).toArray()).toEqual([0, 0, 1, 1, 0, 0])
    expect(crop(ones).sum().item()).toBe(4)
    expect([...transforms.randomCrop(2, { padding: 2 })(ones).shape]).toEqual([2, 2])
  })

  it('cuts all pictures of a batch alike', () => {
    const batch = arange(48).reshape([3, 4, 4])
    const part = transforms.randomCrop(2, seeded(2))(batch)
    expect(part.at(2).sub(part.at(0)).toArray()).toEqual([
      [32, 32],
      [32, 32],
    ])
  })
})

describe('randomHorizontalFlip and randomVerticalFlip', () => {
  it('exchange sides with probability p', () => {
    const small = arange(4, { dtype: 'int32' }).reshape([2, 2])
    const always = { p: 1 }
    expect(transforms.randomHorizontalFlip(always)(small).toArray()).toEqual([
      [1, 0],
      [3, 2],
    ])
    expect(transforms.randomVerticalFlip(always)(small).toArray()).toEqual([
      [2, 3],
      [0, 1],
    ])
    expect(transforms.randomVerticalFlip({ p: 0 })(small).toArray()).toEqual(small.toArray())
    for (const [p, expected] of [
      [undefined, 200],
      [0.25, 100],
    ] as const) {
      const flip = transforms.randomHorizontalFlip({ p, ...seeded(8) })
      const flipped = times(400, () => flip(small)).filter((x) => x.at(0, 0).item() === 1).length
      expect(Math.abs(flipped - expected)).toBeLessThan(50)
    }
  })

  it('draw from the default generator otherwise', () => {
    const flip = transforms.compose(
      transforms.randomHorizontalFlip(),
      transforms.randomVerticalFlip(),
    )
    const draws = () => {
      manualSeed(4)
      return times(20, () => flip(image)).map((x) => x.at(0, 0, 0).item())
    }
    expect(draws()).toEqual(draws())
    expect(new Set(draws())).toEqual(new Set([0, 4, 15, 19]))
  })
})

describe('normalize', () => {
  it('subtracts means and divides by deviations, channel by channel', () => {
    const picture = tensor([[[10, 20]], [[30, 50]]])
    const out = transforms.normalize([10, 30], [5, 20])(picture)
    expect(out.toArray()).toEqual([[[0, 2]], [[0, 1]]])
    const batch = transforms.normalize([10, 30], [5, 20])(picture.unsqueeze(0))
    expect(batch.toArray()).toEqual([out.toArray()])
  })

  it('keeps float64, and makes floats of bytes', () => {
    const third = transforms.normalize([0], [3])
    expect(third(tensor([[[1]]], { dtype: 'float64' })).item()).toBe(1 / 3)
    const bytes = third(tensor(Uint8Array.of(6), { shape: [1, 1, 1] }))
    expect([bytes.dtype, bytes.item()]).toEqual(['float32', 2])
  })
})

describe('transforms refuse', () => {
  it.each<[() => unknown, string]>([
    [
      () => transforms.centerCrop(0),
      'centerCrop: size must be a positive integer or [height, width]',
    ],
    [() => transforms.randomCrop([2, 1.5]), 'randomCrop: size must be a positive integer'],
    [
      () => transforms.randomCrop(2, { padding: -1 }),
      'padding must be 0 or a positive integer, got -1',
    ],
    [
      () => transforms.randomHorizontalFlip({ p: 2 }),
      'randomHorizontalFlip: p must be from 0 to 1, got 2',
    ],
    [() => transforms.randomVerticalFlip({ p: NaN }), 'randomVerticalFlip: p must be from 0 to 1'],
    [() => transforms.normalize([0], [0]), 'as many means as positive deviations, got [0] and [0]'],
    [() => transforms.normalize([0, 0], [1]), 'as many means as positive deviations'],
    [() => transforms.normalize([NaN], [1]), 'as many means as positive deviations'],
  ])('options out of range: %s', (make, message) => {
    expect(make).toThrow(ValueError)
    expect(make).toThrow(message)
  })

  it.each<[() => unknown, string]>([
    [
      () => transforms.centerCrop(5)(image),
      'centerCrop: expected a picture […, height, width] of at least 5 × 5, got [1, 4, 5]',
    ],
    [() => transforms.randomCrop([5, 1])(image), 'of at least 5 × 1, got [1, 4, 5]'],
    [() => transforms.randomCrop(8, { padding: 1 })(image), 'of at least 8 × 8, got [1, 6, 7]'],
    [
      () => transforms.randomHorizontalFlip()(arange(3)),
      'randomHorizontalFlip: expected a picture',
    ],
    [
      () => transforms.normalize([1], [1])(arange(3)),
      'normalize: expected a picture […, 1, height, width], got [3]',
    ],
    [() => transforms.normalize([1, 1], [1, 1])(image), '[…, 2, height, width], got [1, 4, 5]'],
    [() => transforms.centerCrop(2)([[1]] as never), 'got object'],
  ])('pictures that do not fit: %s', (apply, message) => {
    expect(apply).toThrow(ShapeError)
    expect(apply).toThrow(message)
  })
})

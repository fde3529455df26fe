import { arange, RandomGenerator, stack, tensor, ValueError } from '@gradtape/core'
import type { Tensor } from '@gradtape/core'
import { BatchSampler, DataLoader, SequentialSampler, WeightedRandomSampler } from '@gradtape/data'
import type { Dataset } from '@gradtape/data'
import { describe, expect, it } from 'vitest'

const numbers = (length: number): number[] => Array.from({ length }, (_, i) => i)
/** Lets everything that can go on go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

async function collected(loader: AsyncIterable<Tensor>): Promise<number[][]> {
  const batches: number[][] = []
  for await (const batch of loader) batches.push(Array.from(batch.data))
  return batches
}

/** Samples that are their positions; tells how many are being read or were. */
function slow(length: number) {
  const state = { started: 0, finished: 0, length, at }
  async function at(index: number): Promise<number> {
    state.started++
    await settle()
    state.finished++
    return index
  }
  return state
}

describe('DataLoader with for await', () => {
  it('waits for the samples of a dataset, and joins what they are', async () => {
    const dataset = {
      length: 5,
      at: async (i: number) => ({ x: tensor([i, -i]), label: i, name: `n${i}` }),
    }
    const loader = new DataLoader(dataset, { batchSize: 2 })
    const shapes: unknown[] = []
    for await (const batch of loader) {
      const typed: { x: Tensor; label: Tensor; name: string[] } = batch
      // @ts-expect-error: numbers are joined into a tensor.
      const wrong: { label: number[] } = batch
      expect(wrong).toBe(typed)
      shapes.push([batch.x.shape, batch.label.toArray(), batch.name])
    }
    expect(shapes).toEqual([
      [
        [2, 2],
        [0, 1],
        ['n0', 'n1'],
      ],
      [
        [2, 2],
        [2, 3],
        ['n2', 'n3'],
      ],
      [[1, 2], [4], ['n4']],
    ])
  })

  it('gives what for of gives, for datasets that have their samples', async () => {
    const options = () => ({ batchSize: 3, shuffle: true, generator: new RandomGenerator(1) })
    const now = Array.from(new DataLoader(numbers(10), options()), (b) => Array.from(b.data))
    expect(await collected(new DataLoader(numbers(10), options()))).toEqual(now)
    expect(await collected(new DataLoader(slow(10), options()))).toEqual(now)
  })

  it('uses the batches of a dataset that promises them', async () => {
    const dataset: Dataset<Promise<Tensor>> = {
      length: 5,
      at: () => Promise.reject(new Error('unused')),
      batch: async (indices) => indices.mul(2),
    }
    expect(
      await collected(new DataLoader<Promise<Tensor>, Tensor>(dataset, { batchSize: 4 })),
    ).toEqual([[0, 2, 4, 6], [8]])
  })

  it.each([0, 1, 3])('reads %i batches ahead and no more', async (prefetch) => {
    const dataset = slow(40)
    let used = 0
    for await (const batch of new DataLoader(dataset, { batchSize: 2, prefetch })) {
      used += batch.numel
      for (let i = 0; i < 4; i++) await settle()
      const expected = Math.min(40, used + 2 * prefetch)
      expect([dataset.started, dataset.finished]).toEqual([expected, expected])
    }
    expect(used).toBe(40)
  })

  it('keeps the order when later batches are there first', async () => {
    let waiting: (() => void)[] = []
    const dataset = {
      length: 6,
      at: (i: number) => new Promise<number>((resolve) => waiting.push(() => resolve(i))),
    }
    const batches = collected(new DataLoader(dataset, { prefetch: 3 }))
    while (waiting.length > 0) {
      await settle()
      const now = waiting.toReversed()
      waiting = []
      for (const resolve of now) resolve()
      await settle()
    }
    expect(await batches).toEqual(numbers(6).map((i) => [i]))
  })

  it('tells an error at its turn, after the batches before it, once', async () => {
    const dataset = {
      length: 4,
      at: async (i: number) => {
        if (i === 2) throw new Error('unreadable')
        // Those before it take longer: nobody waits for the error yet when it comes.
        for (let ticks = 0; ticks < 3; ticks++) await settle()
        return i
      },
    }
    const seen: number[] = []
    const pass = async () => {
      for await (const batch of new DataLoader(dataset, { prefetch: 4 }))
        seen.push(batch.at(0).item())
    }
    await expect(pass()).rejects.toThrow('unreadable')
    expect(seen).toEqual([0, 1])
  })

  it('lets what it began end before the loop is left', async () => {
    const dataset = slow(20)
    for await (const batch of new DataLoader(dataset, { prefetch: 3 })) {
      expect(batch.toArray()).toEqual([0])
      break
    }
    expect(dataset.started).toBe(dataset.finished)
    expect(dataset.started).toBeLessThanOrEqual(4)
  })

  it('for of refuses promises, and says what to do', async () => {
    const failing = { length: 2, at: () => Promise.reject(new Error('lost')) }
    expect(() => [...new DataLoader(failing)]).toThrow(ValueError)
    expect(() => [...new DataLoader(failing)]).toThrow('use `for await (… of loader)`')
    // A rejection that nobody waits for would end the process.
    await settle()
  })
})

describe('DataLoader options', () => {
  it('takes a sampler for the order', () => {
    const sampler = [4, 4, 0]
    const loader = new DataLoader(numbers(5), { sampler, batchSize: 2 })
    expect(Array.from(loader, (b) => Array.from(b.data))).toEqual([[4, 4], [0]])
    expect(loader.length).toBe(2)
    const weighted = new WeightedRandomSampler([0, 1], 3)
    expect(Array.from(new DataLoader([7, 8], { sampler: weighted }), (b) => b.item())).toEqual([
      8, 8, 8,
    ])
  })

  it('takes a batchSampler for the batches', () => {
    const batchSampler = new BatchSampler(new SequentialSampler(numbers(5)), 3, true)
    const loader = new DataLoader(numbers(5), { batchSampler })
    expect([loader.length, loader.batchSize, loader.dropLast]).toEqual([1, undefined, false])
    expect(Array.from(loader, (b) => Array.from(b.data))).toEqual([[0, 1, 2]])
    const uneven = new DataLoader(numbers(5), { batchSampler: [[0], [3, 1]] })
    expect(Array.from(uneven, (b) => Array.from(b.data))).toEqual([[0], [3, 1]])
  })

  it('takes a collateFn, typed by the samples and what it makes of them', () => {
    const words = ['a', 'bcd', 'ef']
    const loader = new DataLoader(words, {
      batchSize: 2,
      collateFn: (samples) => samples.map((word) => word.length),
    })
    const batches: number[][] = [...loader]
    // @ts-expect-error: batches are lists of numbers.
    const wrong: string[][] = [...loader]
    expect(batches).toEqual([[1, 3], [2]])
    expect(wrong).toEqual(batches)
  })

  it('hands samples, not the batch of the dataset, to a collateFn', () => {
    const dataset = { length: 2, at: (i: number) => tensor([i]), batch: () => arange(9) }
    const loader = new DataLoader(dataset as Dataset<Tensor>, {
      batchSize: 2,
      collateFn: (samples) => stack(samples, 1),
    })
    expect(Array.from(loader, (b) => b.toArray())).toEqual([[[0, 1]]])
  })

  it('goes through streams, in batches', async () => {
    function* count() {
      yield* numbers(5)
    }
    // A generator is used up by a pass; what makes a new one each time is not.
    const stream = { [Symbol.iterator]: count }
    const loader = new DataLoader(stream, { batchSize: 2 })
    const expected = [[0, 1], [2, 3], [4]]
    expect(Array.from(loader, (b) => Array.from(b.data))).toEqual(expected)
    expect(await collected(loader)).toEqual(expected)
    expect(await collected(new DataLoader(count(), { batchSize: 2, dropLast: true }))).toEqual([
      [0, 1],
      [2, 3],
    ])
    expect(() => loader.length).toThrow('the number of batches of a stream is not known')
  })

  it('goes through streams that take their time, a bounded way ahead, and closes them', async () => {
    const state = { given: 0, closed: 0 }
    async function* lines() {
      try {
        for (; ; state.given++) {
          await settle()
          yield state.given
        }
      } finally {
        state.closed++
      }
    }
    const loader = new DataLoader(lines(), { batchSize: 2, prefetch: 2 })
    const seen: unknown[] = []
    for await (const batch of loader) {
      seen.push(batch.toArray())
      for (let i = 0; i < 12; i++) await settle()
      expect(state.given).toBeLessThanOrEqual(2 * (seen.length + 2) + 1)
      if (seen.length === 3) break
    }
    expect(seen).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ])
    expect(state.closed).toBe(1)
    expect(() => [...new DataLoader(lines())]).toThrow('use `for await (… of loader)`')
    expect(() => [...new DataLoader([Promise.resolve(1)].values())]).toThrow('use `for await')
  })

  it.each<[object, string]>([
    [{ sampler: [1], shuffle: true }, 'shuffle and sampler both settle the order; pass one'],
    [{ batchSampler: [[1]], batchSize: 2 }, 'batchSampler settles what batchSize, shuffle'],
    [{ batchSampler: [[1]], sampler: [1] }, 'batchSampler settles what batchSize'],
    [{ batchSampler: [[1]], shuffle: true }, 'batchSampler settles what batchSize'],
    [{ batchSampler: [[1]], dropLast: true }, 'batchSampler settles what batchSize'],
    [{ sampler: 3 }, 'sampler must be iterable and have a length'],
    [{ batchSampler: {} }, 'batchSampler must be iterable and have a length'],
    [{ prefetch: -1 }, 'prefetch must be 0 or a positive integer, got -1'],
    [{ prefetch: Infinity }, 'prefetch must be 0 or a positive integer, got Infinity'],
    [{ collateFn: 'sum' }, 'collateFn must be a function, got string'],
    [{ shuffle: 'yes' }, 'shuffle must be true or false, got yes'],
    [{ dropLast: 0 }, 'dropLast must be true or false, got 0'],
  ])('refuses %o', (options, message) => {
    expect(() => new DataLoader([1, 2], options)).toThrow(ValueError)
    expect(() => new DataLoader([1, 2], options)).toThrow(`DataLoader: ${message}`)
  })

  it('refuses to choose the order of a stream', () => {
    const options = [{ shuffle: true }, { sampler: [0] }, { batchSampler: [[0]] }]
    for (const each of options) {
      expect(() => new DataLoader([1].values(), each)).toThrow('a stream comes in its own order')
    }
  })

  it.each([-1, 2, 0.5, NaN, '0'])('refuses a sampler that gives %s', async (index) => {
    const loader = new DataLoader([1, 2], { sampler: [index as number] })
    const message = `DataLoader: the sampler gives ${index}; samples are numbered from 0 to 1`
    expect(() => [...loader]).toThrow(ValueError)
    expect(() => [...loader]).toThrow(message)
    await expect(collected(loader)).rejects.toThrow(message)
  })
})

import { availableParallelism } from 'node:os'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { getNumThreads, manualSeed, randn, setNumThreads, ValueError } from '../../src/index.ts'
import type { FloatDType, Tensor } from '../../src/index.ts'
import { useAllCores } from '../../src/wasm/threads.ts'

afterEach(() => {
  vi.restoreAllMocks()
  setNumThreads(1)
})

/** Multiplies until the workers have started, and took part. */
async function sharedProduct(a: Tensor, b: Tensor): Promise<Tensor> {
  const turns = vi.spyOn(Atomics, 'add')
  return vi.waitFor(
    () => {
      const product = a.matmul(b)
      expect(turns).toHaveBeenCalled()
      return product
    },
    { timeout: 10_000, interval: 20 },
  )
}

describe('with several threads', () => {
  test.each<[FloatDType, number]>([
    ['float32', 2],
    ['float32', 3],
    ['float64', 2],
  ])('a large product in %s by %i of them has the bits that one makes', async (dtype, threads) => {
    manualSeed(3)
    const a = randn([131, 300], { dtype })
    const b = randn([300, 141], { dtype })
    const alone = a.matmul(b).toTypedArray()
    setNumThreads(threads)
    expect(getNumThreads()).toBe(threads)
    const shared = await sharedProduct(a, b)
    expect(shared.toTypedArray()).toEqual(alone)
    // Once more, and of another size.
    expect(a.matmul(b).toTypedArray()).toEqual(alone)
    const [tall, wide] = [randn([2000, 700], { dtype }), randn([700, 9], { dtype })]
    const found = tall.matmul(wide).toTypedArray()
    setNumThreads(1)
    expect(found).toEqual(tall.matmul(wide).toTypedArray())
  })

  test('small products and integers stay on one', () => {
    setNumThreads(2)
    const turns = vi.spyOn(Atomics, 'add')
    expect(randn([8, 8]).matmul(randn([8, 8])).shape).toEqual([8, 8])
    expect(turns).not.toHaveBeenCalled()
  })
})

describe('setNumThreads', () => {
  test.each([0, -1, 1.5, NaN, 1000, '2'])('refuses %j, and changes nothing', (threads) => {
    setNumThreads(2)
    expect(() => setNumThreads(threads as number)).toThrow(
      /^setNumThreads: expected a number of threads from 1 to 256, got /,
    )
    expect(() => setNumThreads(threads as number)).toThrow(ValueError)
    expect(getNumThreads()).toBe(2)
  })

  test('refuses several where there are no worker threads', () => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
    expect(() => setNumThreads(2)).toThrow(
      'setNumThreads: there are no worker threads here; expected 1',
    )
    setNumThreads(1)
    useAllCores()
    expect(getNumThreads()).toBe(1)
  })

  test('has as many as cores in Node, unless told otherwise', () => {
    useAllCores()
    expect(getNumThreads()).toBe(availableParallelism())
  })
})

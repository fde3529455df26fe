import { GradtapeError, randn, ValueError } from '@gradtape/core'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { Cblas } from '../src/cblas.ts'
import { blas, setThreads } from '../src/index.ts'
import { makers, unknownMaker, type Maker } from '../src/libraries.ts'
import { setThreadsOf, threadsOf } from '../src/threads.ts'

/** A library that remembers the threads that it was told, up to some number. */
function remembering(maker: Maker, most: number): Cblas {
  let threads = 1
  const nothing = (): undefined => {}
  return {
    file: 'libsome.so',
    maker,
    library: {
      func: (name) => (count) => {
        if (name === maker.threads?.set) threads = Math.min(Number(count), most)
        return threads
      },
      unload: nothing,
    },
    sgemm: nothing,
    dgemm: nothing,
  }
}

describe.each(makers.filter(({ threads }) => threads))('$name', (maker) => {
  test('is told how many threads to use', () => {
    const library = remembering(maker, 8)
    setThreadsOf(library, 3)
    expect(threadsOf(library)).toBe(3)
  })

  test('may take fewer, which is an error', () => {
    const library = remembering(maker, 1)
    const wanted = `${maker.name} (libsome.so) uses 1 threads, not 2`
    expect(() => setThreadsOf(library, 2)).toThrow(new ValueError(`setThreads: ${wanted}`))
  })

  test.each([0, -1, 1.5, NaN, Infinity, '2' as unknown as number])('refuses %s', (count) => {
    const library = remembering(maker, 8)
    expect(() => setThreadsOf(library, count)).toThrow(ValueError)
    expect(threadsOf(library)).toBe(1)
  })
})

test.each([...makers.filter(({ threads }) => !threads), unknownMaker])(
  '$name names the environment variable instead',
  (maker) => {
    const library = remembering(maker, 8)
    expect(threadsOf(library)).toBeNull()
    expect(() => setThreadsOf(library, 2)).toThrow(GradtapeError)
    expect(() => setThreadsOf(library, 2)).toThrow(
      `has no function for it; set the environment variable ${maker.variable} before`,
    )
  },
)

describe('the BLAS of this machine', () => {
  const before = blas?.threads
  beforeEach(({ skip }) => {
    skip(!before, 'there is no BLAS on this machine, or none that says its threads')
  })
  afterAll(() => {
    if (before) setThreads(before)
  })

  test('computes the same with one thread and with two', () => {
    const [a, b] = [randn([200, 300]), randn([300, 250])]
    const results = [1, 2].map((count) => {
      setThreads(count)
      expect(blas!.threads).toBe(count)
      return a.matmul(b)
    })
    expect(results[0].sub(results[1]).abs().max().item()).toBeLessThan(1e-4)
  })
})

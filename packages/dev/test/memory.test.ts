import { describe, expect, test } from 'vitest'
import { ones, type Tensor } from '@gradtape/core'
import { xor } from '../src/endurance/tasks.ts'

const MEGABYTE = 2 ** 20

/** Bytes that survive a collection. */
function bytesInUse(): number {
  // Array buffers are freed beside the program; a second collection waits for the first one's.
  globalThis.gc!()
  globalThis.gc!()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

/** How much more is in use at the end of `count` turns than after the first tenth of them. */
function growth(count: number, turn: () => void): number {
  let early = 0
  for (let i = 0; i < count; i++) {
    if (i === count / 10) early = bytesInUse()
    turn()
  }
  return bytesInUse() - early
}

// All loops are synchronous: no finalizer and no promise gets to run in them.
describe('memory stays level', () => {
  test('over 200,000 training steps in one loop', () => {
    expect(Math.abs(growth(200_000, xor.begin()))).toBeLessThan(MEGABYTE)
    // A few seconds, but a machine may be busy.
  }, 120_000)

  test('over forward passes whose results are dropped without a backward pass', () => {
    const w = ones([64, 64], { requiresGrad: true })
    const x = ones([64, 64])
    const forward = (): Tensor => x.mul(w).square().mul(w).sum()
    // Each pass makes three results of 16 KB: a thousand of them kept would be 48 MB.
    expect(Math.abs(growth(1_000, forward))).toBeLessThan(MEGABYTE)
  })

  test('when a graph is kept for many backward passes', () => {
    const w = ones([64, 64], { requiresGrad: true })
    const loss = w.mul(w).square().sum()
    const turn = (): void => loss.backward(undefined, { retainGraph: true })
    expect(Math.abs(growth(500, turn))).toBeLessThan(MEGABYTE)
  })
})

describe('what is kept of each of 10,000 steps', () => {
  const COUNT = 10_000

  /** The bytes that one of them holds, where each step makes as much as a small network does. */
  function bytesOfOne(kept: (result: Tensor) => unknown, columns = 4): number {
    const x = ones([16, columns])
    const list: unknown[] = []
    const before = bytesInUse()
    for (let i = 0; i < COUNT; i++) {
      let result: Tensor = x
      for (let op = 0; op < 20; op++) result = result.mul(0.5)
      list.push(kept(result))
    }
    const bytes = (bytesInUse() - before) / list.length
    return bytes
  }

  // Results share arrays of 1,024 elements, or of 8 to 16 times their own; what is kept may hold one, and no more.
  test('a small result holds no more than one shared array', () => {
    expect(bytesOfOne((result) => result)).toBeLessThan(1024 * 4 + 1024)
    expect(bytesOfOne((result) => result, 20)).toBeLessThan(4096 * 4 + 1024)
  })

  test('a number, and elements as data, hold just themselves', () => {
    expect(bytesOfOne((result) => result.sum())).toBeLessThan(1024)
    expect(bytesOfOne((result) => result.data)).toBeLessThan(1024)
  })

  test('a gradient holds just itself', () => {
    const w = ones([16, 4], { requiresGrad: true })
    const gradient = (result: Tensor): Tensor | null => {
      w.grad = null
      w.mul(result).sum().backward()
      return w.grad
    }
    expect(bytesOfOne(gradient)).toBeLessThan(1024)
  })
})

test('a leaf does not hold what was computed from it', async () => {
  const w = ones([3], { requiresGrad: true })
  const dropped = ((): WeakRef<Tensor> => new WeakRef(w.mul(2)))()
  // A WeakRef holds its target until the job in which it was made ends.
  await new Promise((resolve) => setImmediate(resolve))
  globalThis.gc!()
  expect(dropped.deref()).toBeUndefined()
  expect(w.requiresGrad).toBe(true)
})

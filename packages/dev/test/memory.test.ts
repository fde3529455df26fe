import { describe, expect, test } from 'vitest'
import { ones, type Tensor } from '@gradtape/core'
import { XorEager } from '../bench/xor-eager.ts'
import { xorStart } from '../bench/xor-by-hand.ts'

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
    const network = new XorEager(xorStart)
    expect(Math.abs(growth(200_000, () => network.step()))).toBeLessThan(MEGABYTE)
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

test('a leaf does not hold what was computed from it', async () => {
  const w = ones([3], { requiresGrad: true })
  const dropped = ((): WeakRef<Tensor> => new WeakRef(w.mul(2)))()
  // A WeakRef holds its target until the job in which it was made ends.
  await new Promise((resolve) => setImmediate(resolve))
  globalThis.gc!()
  expect(dropped.deref()).toBeUndefined()
  expect(w.requiresGrad).toBe(true)
})

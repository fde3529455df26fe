import fc from 'fast-check'
import { limitEngine, tierNamed } from './src/tiers/engine.ts'

// Property tests repeat: the same cases on every run, others when GRADTAPE_SEED names another seed.
fc.configureGlobal({ seed: Number(process.env.GRADTAPE_SEED ?? 1) })

// Node loads core with its kernels in WebAssembly: so do tests that import its sources one by one.
// GRADTAPE_TIER names another way to compute, and core has to find the engine of that tier.
const { GRADTAPE_TIER } = process.env
if (GRADTAPE_TIER === undefined) await import('@gradtape/core')
else {
  const tier = tierNamed(GRADTAPE_TIER)
  const lacking = limitEngine(tier)
  const { enterTier } = await import('./src/tiers/enter.ts')
  const missing = lacking ?? (await enterTier(tier))
  if (missing !== null) throw new Error(`there is no tier ${tier}: ${missing}`)
}

// Memory that has served once serves again, however small: what is used too long shows.
if (process.env.GRADTAPE_RECYCLING) {
  const { recycleMemory } = await import('../core/src/recycling.ts')
  recycleMemory(1)
}

// What an op doesn't write of its result shows in tests: what stands there before is no number of any.
const { Storage } = await import('../core/src/storage.ts')
const empty = Storage.empty.bind(Storage)
Storage.empty = (dtype, length, kept) => {
  const storage = empty(dtype, length, kept)
  const soil = { bool: 255, uint8: 0xaa, int32: -0x5a5a5a5b, int64: -0x5a5a5a5an }
  const value = dtype in soil ? soil[dtype as keyof typeof soil] : NaN
  storage.array.fill(value as never, storage.offset, storage.offset + length)
  return storage
}

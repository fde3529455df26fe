import { engine, type Kernel, type KernelMemory } from './engine.ts'

/** Where constants of kernels end, and room for one call of a kernel begins. */
export const scratchStart: number = 1 << 16

const PAGE = 1 << 16

let made: KernelMemory | null = null
/** So many bytes of it are known to exist. */
let ready = 0
let kept = 0

/** The one memory of all kernels of this process. Between calls nothing in it but constants counts. */
export function memory(): KernelMemory {
  return (made ??= new engine.Memory({ initial: 2 }))
}

/** Sees to it that addresses from 0 to `bytes` exist. Views made before may be gone then. */
export function reserve(bytes: number, of: KernelMemory = memory()): void {
  if (of === made && bytes <= ready) return
  const lacking = bytes - of.buffer.byteLength
  if (lacking > 0) of.grow(Math.ceil(lacking / PAGE))
  if (of === made) ready = bytes
}

/** Room for constants, for good: its address. */
export function keep(bytes: number): number {
  const address = kept
  kept += (bytes + 15) & ~15
  if (kept > scratchStart) throw new RangeError('no room is left for constants of kernels')
  return address
}

/** The functions of a module that works on this memory. */
export function instantiate(code: Uint8Array<ArrayBuffer>): Readonly<Record<string, Kernel>> {
  return new engine.Instance(new engine.Module(code), { m: { m: memory() } }).exports
}

/**
 * Kernels that are made when they are first asked for, once for each key; null where there is no WebAssembly, or
 * none with vectors.
 */
export function onDemand<K, T>(make: (key: K) => T): (key: K) => T | null {
  const known = new Map<K, T | null>()
  return (key) => {
    let own = known.get(key)
    if (own === undefined) {
      try {
        own = make(key)
      } catch {
        own = null
      }
      known.set(key, own)
    }
    return own
  }
}

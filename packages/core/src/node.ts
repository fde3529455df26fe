/**
 * What Node loads: all of core, with its kernels in WebAssembly, large products on all cores, and large
 * results in memory that isn't cleared before they are written.
 * @packageDocumentation
 */
import './wasm.ts'
import './wasm-rows.ts'
import { useUncleared } from './storage.ts'
import { useAllCores } from './wasm/threads.ts'

export * from './index.ts'

useAllCores()

/** What is used of Node's buffers, for which the language itself has no types. */
interface Buffers {
  allocUnsafeSlow(bytes: number): { readonly buffer: ArrayBuffer }
}

const { Buffer } = globalThis as unknown as { readonly Buffer?: Buffers }
// Smaller memory is cleared faster than Node is asked for it.
if (Buffer) useUncleared((bytes) => Buffer.allocUnsafeSlow(bytes).buffer, 4096)

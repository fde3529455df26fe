/**
 * What Node loads: all of core, with its kernels in WebAssembly, large products on all cores, and large
 * results in memory that was used before.
 * @packageDocumentation
 */
import './wasm.ts'
import './wasm-rows.ts'
import { recycleMemory } from './recycling.ts'
import { useAllCores } from './wasm/threads.ts'

export * from './index.ts'

useAllCores()

recycleMemory()

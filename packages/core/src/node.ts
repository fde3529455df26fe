/**
 * What Node loads: all of core, with its kernels in WebAssembly, and large products on all cores.
 * @packageDocumentation
 */
import './wasm.ts'
import { useAllCores } from './wasm/threads.ts'

export * from './index.ts'

useAllCores()

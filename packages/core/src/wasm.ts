/**
 * Kernels in WebAssembly, for pages: `import '@gradtape/core/wasm'` switches on those for products and
 * formulas, where most time goes; `@gradtape/core/wasm/rows` brings those for sums and softmax. In Node all are on.
 * @packageDocumentation
 */
import { useVectors } from './backends/elementwise.ts'
import { useGemm } from './backends/gemm.ts'
import { whereItPays } from './backends/wasm-elementwise.ts'
import { wasmGemm } from './backends/wasm-gemm.ts'

useGemm(wasmGemm)
useVectors(whereItPays)

/**
 * Kernels in WebAssembly, for pages: `import '@gradtape/core/wasm'` switches them on. In Node they are.
 * @packageDocumentation
 */
import { useVectors } from './backends/elementwise.ts'
import { useGemm } from './backends/gemm.ts'
import { useSums } from './backends/reduce.ts'
import { useSoftmax } from './backends/softmax.ts'
import { inVectors } from './backends/wasm-elementwise.ts'
import { wasmGemm } from './backends/wasm-gemm.ts'
import { softmaxInVectors } from './backends/wasm-softmax.ts'
import { sumInVectors } from './backends/wasm-sums.ts'

useGemm(wasmGemm)
useVectors(inVectors)
useSoftmax(softmaxInVectors)
useSums(sumInVectors)

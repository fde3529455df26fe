/**
 * Kernels in WebAssembly for sums and softmax, for pages: `import '@gradtape/core/wasm/rows'` switches them
 * on. In Node they are.
 * @packageDocumentation
 */
import { useSums } from './backends/reduce.ts'
import { useSoftmax } from './backends/softmax.ts'
import { softmaxInVectors } from './backends/wasm-softmax.ts'
import { sumInVectors } from './backends/wasm-sums.ts'

useSums(sumInVectors)
useSoftmax(softmaxInVectors)

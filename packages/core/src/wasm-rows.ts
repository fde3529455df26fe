/**
 * Kernels in WebAssembly for sums, softmax and copies in another order, for pages: `import '@gradtape/core/wasm/rows'` switches them
 * on. In Node they are.
 * @packageDocumentation
 */
import { useCopies } from './backends/elementwise.ts'
import { useSums } from './backends/reduce.ts'
import { useSoftmax } from './backends/softmax.ts'
import { copyInVectors } from './backends/wasm-copy.ts'
import { softmaxInVectors } from './backends/wasm-softmax.ts'
import { sumsInVectors } from './backends/wasm-sums.ts'

useCopies(copyInVectors)
useSums(sumsInVectors)
useSoftmax(softmaxInVectors)

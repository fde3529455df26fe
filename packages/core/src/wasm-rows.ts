/**
 * Kernels in WebAssembly for sums, softmax, standardized rows and copies in another order, for pages: `import '@gradtape/core/wasm/rows'` switches them
 * on. In Node they are.
 * @packageDocumentation
 */
import { useCopies } from './backends/elementwise.ts'
import { useSums } from './backends/reduce.ts'
import { useStandardize } from './backends/standardize.ts'
import { useSoftmax } from './backends/softmax.ts'
import { copyInVectors } from './backends/wasm-copy.ts'
import { softmaxInVectors } from './backends/wasm-softmax.ts'
import { standardizeInVectors } from './backends/wasm-standardize.ts'
import { sumMiddle } from './backends/wasm-sums.ts'

useCopies(copyInVectors)
useSums(sumMiddle)
useSoftmax(softmaxInVectors)
useStandardize(standardizeInVectors)

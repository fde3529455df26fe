import '@gradtape/core'
import fc from 'fast-check'

// Node loads core with its kernels in WebAssembly: so do tests that import its sources one by one.
// Property tests repeat: the same cases on every run, others when GRADTAPE_SEED names another seed.
fc.configureGlobal({ seed: Number(process.env.GRADTAPE_SEED ?? 1) })

import fc from 'fast-check'

// Property tests repeat: the same cases on every run, others when GRADTAPE_SEED names another seed.
fc.configureGlobal({ seed: Number(process.env.GRADTAPE_SEED ?? 1) })

import { fileURLToPath } from 'node:url'
import { defaultServerConditions } from 'vite'
import { defineConfig } from 'vitest/config'

// Packages are tested from their sources; only the packed-package step looks at what is built.
const conditions = ['@gradtape/source', ...defaultServerConditions]

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/test/**/*.test.ts'],
    setupFiles: [fileURLToPath(new URL('vitest.setup.ts', import.meta.url))],
    // Memory tests force a collection before they measure.
    execArgv: ['--expose-gc', '--conditions=@gradtape/source'],
    // Of two cores vitest would leave one idle.
    maxWorkers: '100%',
    testTimeout: 30_000,
  },
})

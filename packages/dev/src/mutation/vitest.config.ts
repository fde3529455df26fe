import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, mergeConfig, type Plugin } from 'vitest/config'
import all from '../../vitest.config.ts'
import type { Exchange } from './suite.ts'

const texts = JSON.parse(readFileSync(process.env.GRADTAPE_EXCHANGE!, 'utf8')) as Exchange

/** Puts the texts in the place of the files. */
const exchanging: Plugin = {
  name: 'exchanging',
  enforce: 'pre',
  load: (id) => texts[fileURLToPath(new URL(id, 'file:'))] ?? null,
}

// Tests of what the op table doesn't reach. They share modules, which saves most of the time.
export default defineConfig({
  ...mergeConfig(all, {
    plugins: [exchanging],
    test: { isolate: false, fileParallelism: false, bail: 1 },
  }),
})

/**
 * Looks for random programs whose gradients, of first or second order or by forward mode, or whose runs
 * under vmap are wrong: 10,000 of them for each law, or as many as are asked for, from seed 1, or another.
 *
 *     npm run ts -- packages/dev/src/search.ts [count] [seed]
 */
import { programProperties } from '@gradtape/testing'

const [count = 10_000, seed = 1] = process.argv.slice(2).map(Number)
for (const { law, check } of programProperties()) {
  const start = performance.now()
  try {
    check({ numRuns: count, seed })
    const seconds = ((performance.now() - start) / 1000).toFixed(0)
    console.log(`${law}: holds for ${count} programs of seed ${seed} (${seconds} s)`)
  } catch (error) {
    console.log((error as Error).message)
    process.exitCode = 1
  }
}

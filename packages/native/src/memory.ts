import type { Foreign } from './foreign.ts'

/** Parameters of the GNU C library's `mallopt`. */
const TRIM_THRESHOLD = -1
const MMAP_THRESHOLD = -3
const ARENA_MAX = -8

/** Blocks up to this size come from memory that was used before. */
const LARGEST_BLOCK = 2 ** 25
/** How much free memory at the heap's end is kept. */
const KEPT = 2 ** 28

/**
 * Has the GNU C library keep memory that the garbage collector frees, for the next results. By itself
 * it gives large blocks back to the system and takes fresh ones, whose pages the system has to clear
 * and map one by one while BLAS first writes to them: a product of 256 × 256 matrices took 0.48 ms so, and
 * 0.36 with memory kept. What the environment says of it stays, as do other C libraries.
 */
export function keepFreedMemory(foreign: Foreign, environment: NodeJS.ProcessEnv): void {
  if (environment['MALLOC_TRIM_THRESHOLD_'] || environment['MALLOC_MMAP_THRESHOLD_']) return
  try {
    const mallopt = foreign.load('libc.so.6').func('mallopt', 'int', ['int', 'int'])
    mallopt(MMAP_THRESHOLD, LARGEST_BLOCK)
    mallopt(TRIM_THRESHOLD, KEPT)
    // What V8's threads free in arenas of their own would not come back: some 8 MB in a training step's life.
    mallopt(ARENA_MAX, 1)
  } catch {
    // Another C library.
  }
}

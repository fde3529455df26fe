import type { Foreign } from './foreign.ts'

/** A parameter of the GNU C library's `mallopt`. */
const MMAP_THRESHOLD = -3

/** The largest that it may be: blocks up to this size come from the heap, where memory was used before. */
const LARGEST = 2 ** 25
/** So much freed memory is kept, in so many blocks side by side. */
const BLOCK = 2 ** 24
const BLOCKS = 16

/** Where the environment says one of these, all stays as it is. */
const settings = ['MALLOC_TRIM_THRESHOLD_', 'MALLOC_MMAP_THRESHOLD_', 'MALLOC_PERTURB_']

/**
 * Has the GNU C library keep memory that the garbage collector frees, for the next results. By itself
 * it gives large blocks back to the system and takes fresh ones, whose pages the system has to clear
 * and map one by one while BLAS first writes to them: a product of 256 × 256 matrices took 0.48 ms so, and
 * 0.36 with memory kept. What the environment says of it stays, as do other C libraries.
 *
 * Only what is free at the heap's end is given back, so a block is put there that is never freed. Nothing is
 * written to these blocks, so they take no memory before results lie in them. `M_TRIM_THRESHOLD` would be
 * simpler, but it holds for the heaps of all threads: V8 compiles in four, of which each would keep 2 to 3 MB.
 */
export function keepFreedMemory(foreign: Foreign, environment: NodeJS.ProcessEnv): void {
  if (settings.some((name) => environment[name])) return
  try {
    const library = foreign.load('libc.so.6')
    const mallopt = library.func('mallopt', 'int', ['int', 'int'])
    const malloc = library.func('malloc', 'uintptr_t', ['size_t'])
    const free = library.func('free', 'void', ['uintptr_t'])
    mallopt(MMAP_THRESHOLD, LARGEST)
    const blocks = Array.from({ length: BLOCKS + 1 }, () => malloc(BLOCK) as number)
    blocks.slice(0, BLOCKS).forEach((block) => free(block))
  } catch {
    // Another C library.
  }
}

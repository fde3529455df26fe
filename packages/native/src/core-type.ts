import { readFileSync } from 'node:fs'
import type { Foreign, Library } from './foreign.ts'

/** OpenBLAS's kernels for x86, the fastest first, by what it calls them, and what a processor needs for them. */
const kernels: readonly (readonly [coreType: string, needed: readonly string[]])[] = [
  ['SkylakeX', ['avx512f', 'avx512cd', 'avx512bw', 'avx512dq', 'avx512vl']],
  ['Haswell', ['avx2', 'fma']],
]

/** What OpenBLAS takes a processor for that is newer than itself. */
const FALLBACK = 'Prescott'

/** It says which kernels to take, and is read when OpenBLAS is loaded. */
const VARIABLE = 'OPENBLAS_CORETYPE'

/** Given by tests. */
interface Surroundings {
  readonly environment?: NodeJS.ProcessEnv
  /** The instruction sets that the processor has, by Linux's names. */
  readonly processor?: () => readonly string[]
}

/**
 * The library, or where it is an OpenBLAS that doesn't know this processor, and so computes without AVX, the
 * same one loaded anew with the kernels that the processor has: those of Debian 12 multiply five times as
 * fast so on a Xeon of 2023. What the environment says of it stays.
 */
export function withFastKernels(
  foreign: Foreign,
  file: string,
  { environment = process.env, processor = readProcessor }: Surroundings = {},
): Library {
  const library = foreign.load(file)
  if (environment[VARIABLE] !== undefined || coreTypeOf(library) !== FALLBACK) return library
  const has = processor()
  const better = kernels.find(([, needed]) => needed.every((feature) => has.includes(feature)))
  if (better === undefined) return library
  // In a worker, `process.env` is a copy that OpenBLAS doesn't see.
  const itself = foreign.load(null)
  library.unload()
  itself.func('setenv', 'int', ['str', 'str', 'int'])(VARIABLE, better[0], 1)
  try {
    return foreign.load(file)
  } finally {
    itself.func('unsetenv', 'int', ['str'])(VARIABLE)
  }
}

function coreTypeOf(library: Library): unknown {
  try {
    return library.func('openblas_get_corename', 'str', [])()
  } catch {
    return null // Not OpenBLAS.
  }
}

/** Those of this processor; none but on Linux. */
function readProcessor(): readonly string[] {
  try {
    const [, flags = ''] = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8')) ?? []
    return flags.trim().split(' ')
  } catch {
    return []
  }
}

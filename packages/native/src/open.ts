import { GradtapeError } from '@gradtape/core'
import type { Cblas } from './cblas.ts'
import { withFastKernels } from './core-type.ts'
import type { Foreign, ForeignFunction, Library } from './foreign.ts'
import { makers, unknownMaker } from './libraries.ts'
import { wrongProduct } from './verify.ts'

/**
 * Opens a library and tries it.
 * @throws {GradtapeError} saying why it can't be used: it can't be loaded, has no CBLAS, or computes
 * wrongly. `unknown: false` also refuses what is none of the makers.
 */
export function openCblas(
  foreign: Foreign,
  file: string,
  { unknown = true }: { unknown?: boolean } = {},
): Cblas {
  const library = attempt('', () => withFastKernels(foreign, file))
  const maker = makers.find(({ mark }) => has(library, mark)) ?? unknownMaker
  const [sgemm, dgemm] = attempt('it lacks functions of CBLAS: ', () => [
    gemm(library, 'cblas_sgemm', 'float'),
    gemm(library, 'cblas_dgemm', 'double'),
  ])
  if (maker === unknownMaker && !unknown) {
    throw new GradtapeError('it is no BLAS that is known to be fast')
  }
  const blas = { file, maker, library, sgemm: sgemm!, dgemm: dgemm! }
  const wrong = wrongProduct(blas, foreign)
  if (wrong !== null) throw new GradtapeError(`it computes wrongly: ${wrong}`)
  return blas
}

function gemm(library: Library, name: string, real: string): ForeignFunction {
  const matrix = ['uintptr_t', 'int']
  const sizes = ['int', 'int', 'int', 'int', 'int', 'int']
  return library.func(name, 'void', [...sizes, real, ...matrix, ...matrix, real, ...matrix])
}

function has(library: Library, name: string): boolean {
  try {
    library.func(name, 'void', [])
    return true
  } catch {
    return false
  }
}

function attempt<T>(where: string, run: () => T): T {
  try {
    return run()
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    throw new GradtapeError(`${where}${said}`, { cause })
  }
}

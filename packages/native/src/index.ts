/**
 * Matrix products by the system's BLAS: importing this package finds one and switches it on.
 * @packageDocumentation
 */
import { basename, resolve } from 'node:path'
import { GradtapeError, useGemm, type Gemm } from '@gradtape/core'
import type { Cblas } from './cblas.ts'
import { findBlas } from './find.ts'
import { loadKoffi, type Foreign } from './foreign.ts'
import { BlasGemm } from './gemm.ts'
import { keepFreedMemory } from './memory.ts'
import { setThreadsOf, threadsOf } from './threads.ts'

/** The BLAS that multiplies matrices. */
export interface Blas {
  /** `OpenBLAS`, `BLIS`, `MKL`, `Accelerate`, or `CBLAS` for one that is none of these. */
  readonly name: string
  /** The file of the library. */
  readonly path: string
  /** How many threads it uses, or null where it can't be asked. */
  readonly threads: number | null
  /** What was handed to core's `useGemm`; `dropGemm` switches it off. */
  readonly gemm: Gemm
}

const found = find()

/**
 * The BLAS that was found, or null. It is the one that the environment variable `GRADTAPE_BLAS` names,
 * by a path or a name, or else the first usable one of the usual names. When there is none, one line
 * on stderr says why, and everything goes on without.
 */
export const blas: Blas | null = found && switchOn(found)

/**
 * Sets the number of threads that the BLAS uses; `blas.threads` tells it. Results may differ in their
 * last bits between numbers of threads.
 * @throws {ValueError} when `count` is no whole number of at least 1, or more than the library takes.
 * @throws {GradtapeError} when there is no BLAS, or one whose threads only an environment variable sets.
 */
export function setThreads(count: number): void {
  if (found === null) {
    throw new GradtapeError('setThreads: there is no BLAS; ask whether `blas` is null before')
  }
  setThreadsOf(found.cblas, count)
}

interface Found {
  readonly cblas: Cblas
  readonly foreign: Foreign
}

function find(): Found | null {
  try {
    const foreign = loadKoffi()
    return { foreign, cblas: findBlas(foreign, { named: process.env['GRADTAPE_BLAS'] }) }
  } catch (error) {
    console.warn((error as Error).message)
    return null
  }
}

function switchOn({ cblas, foreign }: Found): Blas {
  const gemm = new BlasGemm(cblas, foreign)
  useGemm(gemm)
  keepFreedMemory(foreign, process.env)
  let path: string | undefined
  return {
    name: cblas.maker.name,
    get path() {
      return (path ??= pathOf(cblas.file))
    },
    get threads() {
      return threadsOf(cblas)
    },
    gemm,
  }
}

/** The file that was loaded by a name. */
function pathOf(file: string): string {
  if (basename(file) !== file) return resolve(file)
  // Newer than its types. Without it, the names of all hosts that are connected would be looked up.
  const report: { excludeNetwork?: boolean; getReport(): object } = process.report
  const { excludeNetwork } = report
  report.excludeNetwork = true
  // Deno's report is empty.
  const { sharedObjects = [] } = report.getReport() as { sharedObjects?: string[] }
  report.excludeNetwork = excludeNetwork
  return sharedObjects.find((path) => basename(path) === file) ?? file
}

import { createRequire } from 'node:module'
import { GradtapeError, type TypedArray } from '@gradtape/core'

/** A shared library that is open. */
export interface Library {
  /**
   * Its function of this name and C types.
   * @throws {Error} when it has none.
   */
  func(name: string, result: string, parameters: readonly string[]): ForeignFunction
  /** Closes it; its functions must not be called afterwards. */
  unload(): void
}

export type ForeignFunction = (...args: (number | string)[]) => number | bigint | string | undefined

/** The part of koffi that is needed: libraries, and where arrays lie in memory. */
export interface Foreign {
  /**
   * A library, or the program itself with all that it has loaded: null.
   * @throws {Error} when there is no such library, or the system can't load it.
   */
  load(name: string | null): Library
  address(array: TypedArray): bigint
}

/**
 * koffi, with its binary for this platform. It is required, not imported: where it has none, the
 * program that imports this package goes on.
 * @throws {GradtapeError} when there is none.
 */
export function loadKoffi(
  require: (name: string) => unknown = createRequire(import.meta.url),
): Foreign {
  try {
    return require('koffi') as Foreign
  } catch (cause) {
    const [why] = String(cause).split('\n')
    const text = `koffi, which calls BLAS, can't be loaded (${why}). Going on without`
    throw new GradtapeError(`@gradtape/native: ${text}`, { cause })
  }
}

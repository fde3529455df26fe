import { GradtapeError } from '@gradtape/core'
import type { Cblas } from './cblas.ts'
import type { Foreign } from './foreign.ts'
import { usualNames, wayToInstall } from './libraries.ts'
import { openCblas } from './open.ts'

export interface Search {
  /** The one library to try, a path or a name. */
  readonly named?: string | undefined
  readonly platform?: string
  /** Names to try where none is named; the platform's usual ones unless given. */
  readonly names?: readonly string[]
}

/**
 * The first usable BLAS. The usual names also stand for libraries that are slower than gradtape's own
 * kernels, such as the reference BLAS, so these have to be known ones.
 * @throws {GradtapeError} that says in one line why there is none, and what to do.
 */
export function findBlas(
  foreign: Foreign,
  { named, platform = process.platform, names = usualNames(platform) }: Search,
): Cblas {
  const refused: string[] = []
  for (const file of named ? [named] : names) {
    try {
      return openCblas(foreign, file, { unknown: Boolean(named) })
    } catch (error) {
      const { message } = error as Error
      if (named || !isAbsent(file, message)) refused.push(`${file} can't be used: ${message}`)
    }
  }
  const why = refused.length > 0 ? refused.join('; ') : 'no BLAS was found'
  const text = `@gradtape/native: ${why}. Going on without. To get one: ${wayToInstall(platform)}`
  throw new GradtapeError(text.replace(/\s+/g, ' '))
}

/** Whether a library could not be loaded because it isn't there: not because one that it needs isn't. */
function isAbsent(file: string, message: string): boolean {
  const [, needed = file] = /: (\S+): cannot open shared object/.exec(message) ?? []
  return needed === file && /no such file|could not be found/i.test(message)
}

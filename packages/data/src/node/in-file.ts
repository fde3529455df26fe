import { GradtapeError, ValueError } from '@gradtape/core'

/**
 * Runs what reads or writes a file; its errors name the file.
 * @throws {ValueError} when the system refuses, else what was thrown, of the same class.
 */
export async function inFile<R>(
  where: string,
  path: string | URL,
  action: 'read' | 'write',
  work: () => R | Promise<R>,
): Promise<R> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof GradtapeError) {
      const Same = error.constructor as new (
        message: string,
        options: ErrorOptions,
      ) => GradtapeError
      throw new Same(`${where}: ${path}: ${error.message}`, { cause: error })
    }
    throw new ValueError(`${where}: can't ${action} ${path}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

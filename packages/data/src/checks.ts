import { ValueError } from '@gradtape/core'

/** @throws {ValueError} unless `options` is an object: `{ batchSize: 32 }`, not 32. */
export function checkOptions<O extends object>(where: string, options: O): O {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ValueError(
      `${where}: expected options, an object such as { name: value }, got ${JSON.stringify(options) ?? typeof options}`,
    )
  }
  return options
}

/** @throws {ValueError} unless `value` is a positive integer. */
export function checkPositive(where: string, name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new ValueError(`${where}: ${name} must be a positive integer, got ${String(value)}`)
  }
  return value
}

/** @throws {ValueError} unless `value` is true or false. */
export function checkBoolean(where: string, name: string, value: boolean): boolean {
  if (typeof value !== 'boolean') {
    throw new ValueError(`${where}: ${name} must be true or false, got ${String(value)}`)
  }
  return value
}

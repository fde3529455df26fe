import { expect } from 'vitest'

/** Demands the very same objects, in order; what they hold is not compared. */
export function expectIdentical(found: readonly unknown[], expected: readonly unknown[]): void {
  expect(found.map((x) => expected.indexOf(x))).toEqual(expected.map((x) => expected.indexOf(x)))
}

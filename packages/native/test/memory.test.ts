import { describe, expect, test } from 'vitest'
import type { Foreign } from '../src/foreign.ts'
import { keepFreedMemory } from '../src/memory.ts'

/** What the C library is told. */
function told(environment: Record<string, string>, libraries = ['libc.so.6']): number[][] {
  const calls: number[][] = []
  const foreign: Foreign = {
    load(file) {
      if (!libraries.includes(file)) throw new Error('no such file')
      return {
        func:
          (name) =>
          (...args) =>
            calls.push([name === 'mallopt' ? 1 : 0, ...args]),
      }
    },
    address: () => 0n,
  }
  keepFreedMemory(foreign, environment)
  return calls
}

describe('memory that is freed is kept for the next results', () => {
  test('by the GNU C library', () => {
    expect(told({ PATH: '/bin' })).toEqual([
      [1, -3, 2 ** 25],
      [1, -1, 2 ** 28],
      [1, -8, 1],
    ])
  })

  test('but not where the environment settles it', () => {
    expect(told({ MALLOC_TRIM_THRESHOLD_: '0' })).toEqual([])
    expect(told({ MALLOC_MMAP_THRESHOLD_: '131072' })).toEqual([])
  })

  test('and other C libraries stay as they are', () => {
    expect(told({}, ['libc.so'])).toEqual([])
  })
})

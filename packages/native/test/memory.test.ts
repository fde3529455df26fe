import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadKoffi, type Foreign } from '../src/foreign.ts'
import { keepFreedMemory } from '../src/memory.ts'

/** What the C library is asked for, block by block. */
function asked(environment: Record<string, string>, libraries = ['libc.so.6']): string[] {
  const calls: string[] = []
  let block = 0
  const foreign: Foreign = {
    load(file) {
      if (!libraries.includes(file!)) throw new Error('no such file')
      return {
        func:
          (name) =>
          (...args) => {
            calls.push([name, ...args].join(' '))
            return name === 'malloc' ? ++block : undefined
          },
        unload() {},
      }
    },
    address: () => 0n,
  }
  keepFreedMemory(foreign, environment)
  return calls
}

const blocks = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

describe('memory that is freed is kept for the next results', () => {
  test('by the GNU C library, as the last of a row of blocks is not freed', () => {
    expect(asked({ PATH: '/bin' })).toEqual([
      `mallopt -3 ${2 ** 25}`,
      ...blocks(17).map(() => `malloc ${2 ** 24}`),
      ...blocks(16).map((block) => `free ${block}`),
    ])
  })

  test('but not where the environment settles it', () => {
    expect(asked({ MALLOC_TRIM_THRESHOLD_: '0' })).toEqual([])
    expect(asked({ MALLOC_MMAP_THRESHOLD_: '131072' })).toEqual([])
    expect(asked({ MALLOC_PERTURB_: '165' })).toEqual([])
  })

  test('and other C libraries stay as they are', () => {
    expect(asked({}, ['libc.so'])).toEqual([])
  })

  test.runIf(process.platform === 'linux')('and none is taken for it', () => {
    const foreign = loadKoffi()
    const before = resident()
    keepFreedMemory(foreign, {})
    expect(resident() - before).toBeLessThan(64)
  })
})

/** The megabytes of this process that lie in memory. */
function resident(): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024
}

import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { withFastKernels } from '../src/core-type.ts'
import { loadKoffi, type Foreign, type Library } from '../src/foreign.ts'
import { blas } from '../src/index.ts'

/** An OpenBLAS that takes the processor for `takenFor`, unless told otherwise when it is loaded. */
class OpenBlas implements Foreign {
  readonly did: string[] = []
  readonly #takenFor: string
  readonly #variables = new Map<unknown, string>()

  constructor(takenFor: string) {
    this.#takenFor = takenFor
  }

  load(name: string | null): Library {
    if (name === 'libgone.so') throw new Error('no such file')
    this.did.push(name === null ? 'itself' : `load ${name}`)
    const coreType = this.#variables.get('OPENBLAS_CORETYPE') ?? this.#takenFor
    const functions: Record<string, Library['func']> = {
      openblas_get_corename: () => () => coreType,
      setenv: () => (key, value) => (this.#variables.set(key, String(value)), 0),
      unsetenv: () => (key) => Number(this.#variables.delete(key)),
    }
    return {
      func: (symbol, ...types) => functions[symbol](symbol, ...types),
      unload: () => this.did.push('unload'),
    }
  }

  address(): bigint {
    return 0n
  }

  /** What is left in the environment. */
  get variables(): number {
    return this.#variables.size
  }
}

const avx2 = ['sse2', 'avx2', 'fma']
const avx512 = [...avx2, 'avx512f', 'avx512cd', 'avx512bw', 'avx512dq', 'avx512vl']
const anew = ['load lib.so', 'itself', 'unload', 'load lib.so']

function opened(
  openBlas: OpenBlas,
  has: readonly string[],
  environment: Record<string, string> = {},
): unknown {
  const library = withFastKernels(openBlas, 'lib.so', { environment, processor: () => has })
  return library.func('openblas_get_corename', 'str', [])()
}

describe('an OpenBLAS that does not know the processor', () => {
  test.each([
    ['SkylakeX', avx512],
    ['Haswell', avx2],
    ['Haswell', avx512.filter((feature) => feature !== 'avx512vl')],
  ])('is loaded anew with the kernels of %s', (coreType, has) => {
    const openBlas = new OpenBlas('Prescott')
    expect(opened(openBlas, has)).toBe(coreType)
    expect(openBlas.did).toEqual(anew)
    expect(openBlas.variables).toBe(0)
  })

  test.each([
    ['is one without AVX', ['sse2']],
    ['can have no fused products', ['sse2', 'avx2']],
    ['says nothing of itself', []],
  ])('stays as it is where the processor %s', (_, has) => {
    const openBlas = new OpenBlas('Prescott')
    expect(opened(openBlas, has)).toBe('Prescott')
    expect(openBlas.did).toEqual(['load lib.so'])
  })

  test('stays as it is where the environment wants it', () => {
    const openBlas = new OpenBlas('Prescott')
    expect(opened(openBlas, avx512, { OPENBLAS_CORETYPE: 'Prescott' })).toBe('Prescott')
    expect(openBlas.did).toEqual(['load lib.so'])
  })
})

test('an OpenBLAS that knows the processor stays as it is', () => {
  const openBlas = new OpenBlas('Zen')
  expect(opened(openBlas, avx512)).toBe('Zen')
  expect(openBlas.did).toEqual(['load lib.so'])
})

test('another library stays as it is', () => {
  const func = (): never => {
    throw new Error('no such function')
  }
  const library: Library = { func, unload: func }
  const foreign: Foreign = { load: () => library, address: () => 0n }
  expect(withFastKernels(foreign, 'libblis.so.4', { processor: () => avx512 })).toBe(library)
})

test('a library that is gone when it is loaded anew leaves nothing in the environment', () => {
  const openBlas = new OpenBlas('Prescott')
  const load = openBlas.load.bind(openBlas)
  let loads = 0
  openBlas.load = (name) => load(name !== null && ++loads === 2 ? 'libgone.so' : name)
  expect(() => opened(openBlas, avx2)).toThrow('no such file')
  expect(openBlas.variables).toBe(0)
})

test('the OpenBLAS of this machine has kernels with AVX where the processor has it', ({ skip }) => {
  const has = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : ''
  const settled = process.env['OPENBLAS_CORETYPE'] !== undefined
  skip(blas?.name !== 'OpenBLAS' || settled || !/ avx2 /.test(has), 'no OpenBLAS, or no AVX')
  const library = loadKoffi().load(blas!.path)
  expect(library.func('openblas_get_corename', 'str', [])()).not.toBe('Prescott')
  library.unload()
})

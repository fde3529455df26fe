import type { TypedArray } from '@gradtape/core'
import type { Foreign, ForeignFunction, Library } from '../src/foreign.ts'

/** What a simulated library gets wrong. */
export type Fault =
  | 'transposition'
  | 'old result'
  | 'skipped zeros'
  | 'written beyond'
  | 'float64'
  | 'nothing written'

const ADDRESSES = 2 ** 32

/** A CBLAS of plain loops, right or wrong in one way. Arrays are named by the numbers of addresses. */
export class Simulated implements Foreign {
  readonly calls: number[][] = []
  readonly #arrays: TypedArray[] = []
  readonly #numbers = new Map<TypedArray, number>()
  readonly #faults: Readonly<Record<string, Fault | null>>

  /** Libraries by their files, each with its fault; other files do not exist. */
  constructor(faults: Readonly<Record<string, Fault | null>>) {
    this.#faults = faults
  }

  load(file: string | null): Library {
    const fault = this.#faults[file!]
    if (fault === undefined) throw new Error('Failed to load: no such file')
    const functions: Record<string, ForeignFunction> = {
      cblas_sgemm: (...args) => this.#gemm(args as number[], fault === 'float64' ? null : fault),
      cblas_dgemm: (...args) =>
        this.#gemm(args as number[], fault === 'float64' ? 'transposition' : fault),
    }
    if (file!.includes('openblas')) functions['openblas_get_config'] = () => 0
    return {
      func(name) {
        if (!(name in functions)) throw new Error(`Cannot find function '${name}'`)
        return functions[name]
      },
      unload() {},
    }
  }

  address(array: TypedArray): bigint {
    let number = this.#numbers.get(array)
    if (number === undefined) {
      number = this.#arrays.push(array)
      this.#numbers.set(array, number)
    }
    return BigInt(number * ADDRESSES)
  }

  #at(address: number): [array: TypedArray, start: number] {
    const array = this.#arrays[Math.floor(address / ADDRESSES) - 1]
    return [array, (address % ADDRESSES) / array.BYTES_PER_ELEMENT]
  }

  #gemm(args: number[], fault: Fault | null): undefined {
    this.calls.push(args)
    const [, transA, transB, m, n, k, , atA, lda, atB, ldb, , atC, ldc] = args
    const [[a, a0], [b, b0], [c, c0]] = [atA, atB, atC].map((address) => this.#at(address))
    if (fault === 'nothing written') return
    const [right, wrong] = [transB === 112, fault === 'transposition']
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = fault === 'old result' ? c[c0 + i * ldc + j] : 0
        for (let l = 0; l < k; l++) {
          const x = a[a0 + (transA === 112 ? l * lda + i : i * lda + l)]
          const y = b[b0 + (right !== wrong ? j * ldb + l : l * ldb + j)]
          if (fault !== 'skipped zeros' || y !== 0) sum += x * y
        }
        c[c0 + i * ldc + j] = sum
      }
    }
    if (fault === 'written beyond') c[c0 + m * ldc] = 0
  }
}

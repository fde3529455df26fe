import { afterEach, describe, expect, it } from 'vitest'
import { stack, tensor, zeros, type DType, type Tensor } from '../../src/index.ts'
import { backend, useBackend } from '../../src/backend.ts'
import { reference } from '../../src/backends/reference.ts'
import { decode, type Encoded } from '../close.ts'
import { readCases } from '../golden.ts'
import { halves, raw, long } from './stored.ts'

describe('conversions, as PyTorch', () => {
  interface Conversion {
    name: string
    from: DType
    to: DType
    values: Encoded[]
    made: Encoded[]
  }
  interface Reading {
    name: string
    dtype: DType
    bits: number[]
    made: Encoded[]
  }
  const cases = readCases<Conversion & Reading>(
    new URL('../golden/torch-storage.json', import.meta.url),
  )
  const conversions = cases.filter((c) => 'from' in c)
  const readings = cases.filter((c) => 'bits' in c)

  /** Elements as the file holds them: bits of halves but for NaN, and int64 whole. */
  function written(x: Tensor): readonly unknown[] {
    const numbers = x.data
    return Array.from(raw(x), (value, i) => (Number.isNaN(numbers[i]) ? NaN : value))
  }

  function expected(dtype: DType, values: readonly Encoded[]): readonly unknown[] {
    return dtype === 'int64' ? values.map(BigInt) : values.map(decode)
  }

  const runs = backend
  afterEach(() => useBackend(runs))

  it('has thousands of values', () => {
    expect(conversions.reduce((sum, c) => sum + c.values.length, 0)).toBeGreaterThan(3000)
  })

  it.each(conversions)('$name', ({ from, to, values, made }) => {
    const wanted = expected(to, made)
    for (const way of [runs, reference]) {
      useBackend(way)
      const x =
        from === 'int64' ? long(...values.map(BigInt)) : tensor(values.map(decode), { dtype: from })
      const y = x.to(to)
      expect(y.dtype).toBe(to)
      expect(written(y)).toEqual(wanted)
      // Strided, and by copy_ and tensor(…).
      expect(written(stack([x, x], 1).at('...', 1).to(to))).toEqual(wanted)
      expect(written(zeros(x.shape, { dtype: to }).copy_(x))).toEqual(wanted)
      // Integers that don't fit are refused there.
      const direct = halves.includes(to as never) && from !== 'int64'
      expect(written(direct ? tensor(values.map(decode), { dtype: to }) : y)).toEqual(wanted)
    }
  })

  it.each(readings)('$name', ({ dtype, bits, made }) => {
    for (const way of [runs, reference]) {
      useBackend(way)
      const x = tensor(Uint16Array.from(bits), { dtype })
      expect([...x.data]).toEqual(made.map(decode))
      expect([...x.to('float32').data]).toEqual(made.map(decode))
    }
  })

  it.each(halves)('every number of %s converts there and back', (dtype) => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i)
    const x = tensor(bits, { dtype })
    const numbers = x.data
    const back = x.to('float32').to(dtype).toTypedArray()
    const changed = bits.filter((b, i) => back[i] !== b)
    expect(changed.every((_, i) => Number.isNaN(numbers[changed[i]]))).toBe(true)
    // Of all NaN one is written.
    const fractions = dtype === 'float16' ? 2 ** 10 : 2 ** 7
    expect(changed.length).toBe(2 * (fractions - 1) - 1)
  })
})

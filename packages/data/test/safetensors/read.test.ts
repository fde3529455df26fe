import { runInNewContext } from 'node:vm'
import { arange, tensor, ValueError } from '@gradtape/core'
import type { Tensor } from '@gradtape/core'
import { readSafetensors, readSafetensorsHeader, writeSafetensors } from '@gradtape/data'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fixture } from '../fixtures/fixture.ts'
import { expectSame } from '../fixtures/same.ts'
import { samples } from '../fixtures/written.ts'

describe('readSafetensors', () => {
  it('reads what Python wrote, in every dtype, bit for bit and in order', () => {
    const tensors = readSafetensors(fixture('all.safetensors'))
    const expected = samples()
    expect(Object.keys(tensors)).toEqual(Object.keys(expected))
    for (const [name, each] of Object.entries(expected)) expectSame(tensors[name], each)
  })

  it('tells the metadata and where tensors stand', () => {
    const bytes = fixture('all.safetensors')
    const { metadata, tensors } = readSafetensorsHeader(bytes)
    expect(metadata).toEqual({ format: 'pt', note: 'größe "x"' })
    const { dtype, shape, start, end } = tensors.get('uint8')!
    expect([dtype, shape, Array.from(bytes.subarray(start, end))]).toEqual([
      'uint8',
      [5],
      [0, 1, 127, 128, 255],
    ])
    expect(readSafetensorsHeader(fixture('empty.safetensors')).metadata).toEqual({})
  })

  it('reads tensors that stand unaligned, and files without any', () => {
    const tensors = readSafetensors(fixture('unaligned.safetensors'))
    for (const [name, each] of Object.entries(tensors)) expectSame(each, samples()[name])
    expect(Object.keys(tensors)).toEqual(['uint8', 'float64', 'bfloat16'])
    expect(readSafetensors(fixture('empty.safetensors'))).toEqual({})
  })

  it('reads from the middle of a buffer, from an ArrayBuffer, and keeps no memory of either', () => {
    const bytes = writeSafetensors({ x: arange(3, { dtype: 'float64' }) })
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)
    const { x } = readSafetensors(shifted.subarray(3))
    expect(readSafetensors(bytes.slice().buffer)['x']!.toArray()).toEqual([0, 1, 2])
    shifted.fill(0)
    expect(x!.toArray()).toEqual([0, 1, 2])
  })

  it('reads bytes of another realm', () => {
    const bytes = writeSafetensors({ x: arange(2) })
    const other = runInNewContext('[new Uint8Array(n), new ArrayBuffer(n)]', {
      n: bytes.length,
    }) as [Uint8Array, ArrayBuffer]
    other[0].set(bytes)
    new Uint8Array(other[1]).set(bytes)
    for (const each of other) expect(readSafetensors(each)['x']!.toArray()).toEqual([0, 1])
  })

  it('gives back what writeSafetensors was given', () => {
    const dtypes = ['float64', 'float32', 'int32', 'uint8', 'bool', 'float16'] as const
    const some = fc
      .tuple(fc.constantFrom(...dtypes), fc.array(fc.nat(3), { maxLength: 4 }))
      .map(([dtype, shape]): Tensor => {
        const numel = shape.reduce((a, b) => a * b, 1)
        return tensor(
          Array.from({ length: numel }, (_, i) => i % 200),
          { shape, dtype },
        )
      })
    const name = fc.string({ unit: 'grapheme' }).filter((each) => each !== '__metadata__')
    fc.assert(
      fc.property(fc.dictionary(name, some, { noNullPrototype: true }), (tensors) => {
        const metadata = Object.fromEntries(Object.keys(tensors).map((key) => [key, key]))
        const bytes = writeSafetensors(tensors, { metadata })
        const back = readSafetensors(bytes)
        expect(Object.keys(back)).toEqual(Object.keys(tensors))
        for (const key of Object.keys(tensors)) expectSame(back[key], tensors[key])
        expect(readSafetensorsHeader(bytes).metadata).toEqual(metadata)
        for (const { dtype, start } of readSafetensorsHeader(bytes).tensors.values()) {
          expect(start % (dtype === 'float64' ? 8 : dtype === 'float16' ? 2 : 1)).toBe(0)
        }
      }),
      { seed: 6, numRuns: 60 },
    )
  })

  it.each([undefined, null, 'model.safetensors', new Float32Array(3)])('refuses %o', (bytes) => {
    expect(() => readSafetensors(bytes as never)).toThrow(ValueError)
    expect(() => readSafetensors(bytes as never)).toThrow('expected the bytes of a file')
  })
})

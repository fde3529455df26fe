import { arange, tensor, ValueError, zeros } from '@gradtape/core'
import { readSafetensors, writeSafetensors } from '@gradtape/data'
import { describe, expect, it } from 'vitest'

describe('writeSafetensors', () => {
  it('writes a header that ends at a multiple of 8, large elements first, names in order', () => {
    const bytes = writeSafetensors({
      flags: tensor([true]),
      x: tensor([1, 2], { dtype: 'float64' }),
    })
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true))
    expect(length % 8).toBe(0)
    const text = new TextDecoder().decode(bytes.subarray(8, 8 + length))
    expect(text.trimEnd()).toBe(
      '{"flags":{"dtype":"BOOL","shape":[1],"data_offsets":[16,17]},"x":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}',
    )
    expect(bytes.length).toBe(8 + length + 17)
  })

  it('writes views as they read, and leaves requiresGrad behind', () => {
    const x = arange(6).reshape([2, 3])
    const weight = tensor([1, 2], { requiresGrad: true })
    const back = readSafetensors(writeSafetensors({ x: x.T, weight, part: x.narrow(1, 1, 1) }))
    expect(back['x']!.toArray()).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ])
    expect(back['part']!.toArray()).toEqual([[1], [4]])
    expect([back['weight']!.toArray(), back['weight']!.requiresGrad]).toEqual([[1, 2], false])
  })

  it.each<[unknown, object, string]>([
    [null, {}, 'expected an object of tensors by name'],
    [zeros([2]), {}, 'expected an object of tensors by name'],
    [{ a: 1 }, {}, '"a": expected a tensor, got number'],
    [{ a: null }, {}, '"a": expected a tensor, got null'],
    [{ __metadata__: zeros([1]) }, {}, 'no tensor can be named __metadata__; pass { metadata }'],
    [{ '\ud800': zeros([1]) }, {}, 'the name "\\ud800" is no Unicode text'],
    [{}, { metadata: { a: 1 } }, 'metadata must be texts by name, but "a" is a number'],
    [
      {},
      { metadata: { a: '\udfff' } },
      'metadata must be texts by name, but "a" is no Unicode text',
    ],
    [{}, { metadata: 'pt' }, 'metadata must be an object of texts, got pt'],
  ])('refuses %o with %o', (tensors, options, message) => {
    const write = () => writeSafetensors(tensors as never, options)
    expect(write).toThrow(ValueError)
    expect(write).toThrow(`writeSafetensors: ${message}`)
  })
})

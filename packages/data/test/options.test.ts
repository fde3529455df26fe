import { tensor, ValueError } from '@gradtape/core'
import {
  DataLoader,
  parseCsv,
  RandomSampler,
  readNpz,
  transforms,
  WeightedRandomSampler,
  writeNpz,
  writeSafetensors,
} from '@gradtape/data'
import { describe, expect, it } from 'vitest'

const x = tensor([1])
const calls: [string, (options: never) => unknown][] = [
  ['DataLoader', (options) => new DataLoader([1], options)],
  ['RandomSampler', (options) => new RandomSampler([1], options)],
  ['WeightedRandomSampler', (options) => new WeightedRandomSampler([1], 1, options)],
  ['randomCrop', (options) => transforms.randomCrop(1, options)],
  ['randomHorizontalFlip', (options) => transforms.randomHorizontalFlip(options)],
  ['randomVerticalFlip', (options) => transforms.randomVerticalFlip(options)],
  ['writeSafetensors', (options) => writeSafetensors({ x }, options)],
  ['writeNpz', (options) => writeNpz({ x }, options)],
  ['readNpz', (options) => readNpz(writeNpz({ x }), options)],
  ['parseCsv', (options) => parseCsv('1', options)],
]

describe('what stands where options do', () => {
  it.each(calls)('must be an object: %s', (name, call) => {
    for (const wrong of [32, null, 'true', [2]]) {
      expect(() => call(wrong as never)).toThrow(ValueError)
      expect(() => call(wrong as never)).toThrow(
        `${name}: expected options, an object such as { name: value }, got ${JSON.stringify(wrong)}`,
      )
    }
  })

  it('compress must be true or false', () => {
    expect(() => writeNpz({ x }, { compress: 'yes' as never })).toThrow(
      'writeNpz: compress must be true or false, got yes',
    )
  })
})

import { describe, expect, it } from 'vitest'
import { preciseLog } from '../../src/random/log.ts'
import { MersenneTwister } from '../../src/random/mt19937.ts'
import { ulpsBetween } from './ulps.ts'

/** ln x · 2^200 for a double x in [1/4, 4], by the artanh series in integers. */
function scaledLog(x: number): bigint {
  const ONE = 1n << 200n
  const fixed = BigInt(x * 2 ** 60) << 140n // exact: x · 2^60 is an integer for what is tested
  const ratio = ((fixed - ONE) * ONE) / (fixed + ONE)
  const square = (ratio * ratio) / ONE
  let power = ratio
  let sum = 0n
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += power / n
    power = (power * square) / ONE
  }
  return 2n * sum
}

/** The double nearest to the fraction scaled / 2^200. */
function nearestDouble(scaled: bigint): number {
  const magnitude = scaled < 0n ? -scaled : scaled
  const shift = magnitude.toString(2).length - 53
  const kept = shift > 0 ? (magnitude + (1n << BigInt(shift - 1))) >> BigInt(shift) : magnitude
  const value = Number(kept) * 2 ** (Math.max(shift, 0) - 200)
  return scaled < 0n ? -value : value
}

describe('preciseLog', () => {
  it('is the double nearest to the logarithm', () => {
    const twister = new MersenneTwister(3)
    for (let i = 0; i < 2000; i++) {
      const u = twister.double()
      // Anywhere; where the logarithm is small; where the series is longest.
      for (const x of [0.25 + 0.75 * u, 1 - u * 2 ** -(i % 9), 0.7072 + 0.04 * u]) {
        const truncated = Math.ceil(x * 2 ** 52) / 2 ** 52
        expect(preciseLog(truncated)).toBe(nearestDouble(scaledLog(truncated)))
      }
    }
  })

  it('knows the powers of two, and values far from 1', () => {
    expect(preciseLog(1)).toBe(0)
    expect(preciseLog(2)).toBe(Math.LN2)
    expect(preciseLog(2 ** -100)).toBe(-100 * Math.LN2)
    expect(preciseLog(2 ** 900)).toBe(900 * Math.LN2)
  })

  it('stays within one unit of the platform', () => {
    for (let k = -1000; k <= 1000; k += 7) {
      const x = 1.3 * 2 ** k
      expect(ulpsBetween(preciseLog(x), Math.log(x))).toBeLessThanOrEqual(1)
    }
  })
})

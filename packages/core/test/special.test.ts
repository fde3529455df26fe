import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  erf,
  erfc,
  floorQuotient,
  integerPower,
  power,
  remainder,
  roundHalfEven,
  sigmoid,
  softplus,
} from '../src/scalar/special.ts'

// Written by packages/dev/golden/special_functions.py: [...arguments, value, low], where
// value + low is the exact result.
const tables = JSON.parse(
  readFileSync(new URL('golden/special-functions.json', import.meta.url), 'utf8'),
) as Record<string, number[][]>

/** The distance from |x| to the next float64. */
function ulp(x: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Math.abs(x))
  view.setBigUint64(0, view.getBigUint64(0) + 1n)
  return view.getFloat64(0) - Math.abs(x)
}

/** The worst row's error in ulp. */
function worstError(rows: number[][], f: (...args: number[]) => number): number {
  const errors = rows.map((row) => {
    const [value, low] = row.slice(-2)
    return Math.abs(f(...row.slice(0, -2)) - value - low) / ulp(value)
  })
  return Math.max(...errors)
}

describe('against exact values', () => {
  // The bounds are those of the doc comments. The worst rows have 1.01, 0.96, 1.73, 1.52 and 0.48 ulp.
  test.each<[string, (...args: number[]) => number, number]>([
    ['erf', erf, 1.1],
    ['erfc', erfc, 1.1],
    ['sigmoid', sigmoid, 1.8],
    ['softplus', softplus, 1.6],
    ['remainder', remainder, 0.5],
  ])('%s', (name, f, bound) => {
    expect(tables[name].length).toBeGreaterThanOrEqual(70)
    expect(worstError(tables[name], f)).toBeLessThanOrEqual(bound)
  })
})

describe('limits, zeros and NaN', () => {
  const INPUTS = [-Infinity, -0, 0, Infinity, NaN]

  test.each<[string, (x: number) => number, number[]]>([
    ['erf', erf, [-1, -0, 0, 1, NaN]],
    ['erfc', erfc, [2, 1, 1, 0, NaN]],
    ['sigmoid', sigmoid, [0, 0.5, 0.5, 1, NaN]],
    ['softplus', softplus, [0, Math.LN2, Math.LN2, Infinity, NaN]],
    ['roundHalfEven', roundHalfEven, INPUTS],
  ])('%s', (_, f, expected) => {
    expect(INPUTS.map((x) => f(x))).toStrictEqual(expected)
  })
})

describe('erf and erfc', () => {
  const argument = fc.double({ min: -30, max: 30, noNaN: true })

  test('erf is odd, and erfc(−x) = 2 − erfc(x)', () => {
    fc.assert(
      fc.property(argument, (x) => {
        expect(erf(-x)).toBe(-erf(x))
        expect(Math.abs(erfc(-x) - (2 - erfc(x)))).toBeLessThanOrEqual(2 ** -52)
      }),
      { seed: 1 },
    )
  })

  test('they add up to one', () => {
    fc.assert(
      fc.property(argument, (x) => {
        expect(Math.abs(erf(x) + erfc(x) - 1)).toBeLessThanOrEqual(2 ** -52)
      }),
      { seed: 2 },
    )
  })
})

describe('roundHalfEven', () => {
  test.each([
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, -0],
    [-1.5, -2],
    [-2.5, -2],
    [0.49999999999999994, 0],
    [-0.49999999999999994, -0],
    [0.5000000000000001, 1],
    [4503599627370495.5, 4503599627370496],
    [4503599627370494.5, 4503599627370494],
    [4503599627370497, 4503599627370497],
    [-9007199254740991, -9007199254740991],
    [5e-324, 0],
    [-5e-324, -0],
    [1e300, 1e300],
  ])('%d gives %d', (x, expected) => {
    expect(roundHalfEven(x)).toBe(expected)
  })

  test('is the nearest integer, and at halves the even one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(2 ** 30), max: 2 ** 30 }),
        fc.integer({ min: 1, max: 7 }),
        (n, i) => {
          const expected = i < 4 || (i === 4 && n % 2 === 0) ? n : n + 1
          expect(roundHalfEven(n + i / 8) + 0).toBe(expected + 0)
        },
      ),
      { seed: 3 },
    )
  })
})

describe('remainder', () => {
  test.each([
    [1, Infinity, 1],
    [-1, -Infinity, -1],
    [-1, Infinity, Infinity],
    [1, -Infinity, -Infinity],
    [0, Infinity, 0],
    [Infinity, 1, NaN],
    [-Infinity, Infinity, NaN],
    [1, 0, NaN],
    [1, -0, NaN],
    [NaN, 1, NaN],
    [1, NaN, NaN],
    [4, 2, 0],
    [-4, 2, -0],
    [4, -2, 0],
    [-0, 2, -0],
  ])('of %d by %d is %d', (a, b, expected) => {
    expect(remainder(a, b)).toBe(expected)
  })
})

describe('power', () => {
  test('of 1 is 1, as is that of −1 to an infinite power', () => {
    for (const b of [NaN, Infinity, -Infinity, 0, 2.5]) expect(power(1, b)).toBe(1)
    expect([power(-1, Infinity), power(-1, -Infinity)]).toEqual([1, 1])
    expect([power(-1, NaN), power(-1, 0.5)]).toEqual([NaN, NaN])
  })

  test('is that of Math elsewhere', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (a, b) => {
        fc.pre(Math.abs(a) !== 1)
        expect(power(a, b)).toBe(a ** b)
      }),
    )
  })

  test('of integers is the product of 32-bit integers', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(70), (a, b) => {
        expect(BigInt(integerPower(a, b))).toBe(BigInt.asIntN(32, BigInt(a) ** BigInt(b)))
      }),
    )
  })
})

describe('floorQuotient', () => {
  test('is the largest integer not above the quotient', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (a, b) => {
        fc.pre(b !== 0)
        expect(floorQuotient(a, b) + 0).toBe(Math.floor(a / b) + 0)
      }),
    )
    // 1 / 0.1 rounds up to 10, of which 0.1 holds a little more.
    expect(floorQuotient(1, 0.1)).toBe(9)
  })

  test('of infinities and NaN', () => {
    expect([floorQuotient(1, Infinity), floorQuotient(-1, Infinity)]).toEqual([0, -1])
    expect([floorQuotient(1, -Infinity), floorQuotient(-1, 0)]).toEqual([-1, -Infinity])
    expect([floorQuotient(Infinity, 2), floorQuotient(2, NaN)]).toEqual([NaN, NaN])
  })
})

import fc from 'fast-check'

/** The least and the largest value; both are kept away from a little. */
export type Domain = readonly [low: number, high: number]

/** What a key is out of. */
const KEYS = 2 ** 20

/**
 * `count` numbers within a domain, no two of which are close: so the largest stays the largest when
 * one moves by a little, and functions with a tie to break can be differentiated.
 */
export function values(count: number, [low, high]: Domain = [-3, 3]): fc.Arbitrary<number[]> {
  const keys = fc.array(fc.nat(KEYS - 1), { minLength: count, maxLength: count })
  return keys.map((list) => {
    const rank = new Array<number>(count)
    const order = list.map((_, i) => i).sort((i, j) => list[i]! - list[j]!)
    order.forEach((i, place) => (rank[i] = place))
    return list.map((key, i) => {
      const place = (0.7 * (key + 0.5)) / KEYS + (0.3 * (rank[i]! + 0.5)) / count
      return low + (high - low) * place
    })
  })
}

import { rand, tensor, ValueError, type Tensor } from '@gradtape/core'
import { overwrite, type GeneratorOptions } from './overwrite.ts'

export interface TruncNormalOptions extends GeneratorOptions {
  /** Of the law before it is cut; 0 unless given. */
  readonly mean?: number
  /** Its standard deviation; 1 unless given, above 0. */
  readonly std?: number
  /** The low end, a number and no count of deviations; -2 unless given. */
  readonly a?: number
  /** The high end; 2 unless given. */
  readonly b?: number
}

/**
 * Normal numbers, of those that lie in [a, b].
 * @throws {ValueError} unless `mean` is finite, `std` above 0 and finite, and `a < b`.
 */
export function truncNormal_<X extends Tensor>(
  x: X,
  { mean = 0, std = 1, a = -2, b = 2, generator }: TruncNormalOptions = {},
): X {
  const name = 'truncNormal_'
  if (!(Number.isFinite(mean) && std > 0 && std < Infinity && a < b)) {
    throw new ValueError(
      `${name}: expected a finite mean, a finite std above 0 and a < b, got mean = ${mean}, std = ${std}, a = ${a} and b = ${b}`,
    )
  }
  return overwrite(name, x, ({ shape, dtype, numel }) => {
    const law = { low: (a - mean) / std, high: (b - mean) / std, generator }
    const values = standardNormal(numel, law).map((z) => mean + std * z)
    return tensor(values, { shape: [...shape], dtype: dtype as 'float32' })
  })
}

/** Where the density has fallen to e⁻⁴⁰ of its largest nothing is drawn any more. */
const FALL = 40

/**
 * Numbers of the standard normal law between `low` and `high`: uniform ones, each kept as likely as its
 * density is of the largest there (Robert 1995). However far out the ends are, one in 40 or so is kept.
 */
function standardNormal(
  count: number,
  { low, high, generator }: GeneratorOptions & { low: number; high: number },
): Float64Array {
  const nearest = Math.max(low, Math.min(high, 0))
  const reach = Math.sqrt(nearest ** 2 + 2 * FALL)
  const [from, to] = [Math.max(low, -reach), Math.min(high, reach)]
  const kept = new Float64Array(count)
  for (let found = 0; found < count;) {
    const draws = rand([2, count - found], { dtype: 'float64', generator }).data
    const half = draws.length / 2
    for (let i = 0; i < half; i++) {
      const z = from + (to - from) * Number(draws[i])
      if (Number(draws[half + i]) < Math.exp((nearest ** 2 - z ** 2) / 2)) kept[found++] = z
    }
  }
  return kept
}

import type { Right } from './right.ts'

/** Elements as they were computed. */
export interface Found {
  readonly dtype: string
  readonly elements: ArrayLike<number>
}

/** How far results are from what they should be. */
export interface Comparison {
  /** The largest error in ulp of what may be rounded, and where; what should be exact and isn't is Infinity off. */
  worst: number
  where: string
  /** Elements that were compared, and those where a jump lies too near to say what they should be. */
  compared: number
  unsure: number
}

export function compare(found: readonly Found[], right: readonly Right[]): Comparison {
  const comparison = { worst: 0, where: '', compared: 0, unsure: 0 }
  if (found.length !== right.length) {
    return { ...comparison, worst: Infinity, where: `${found.length} results for ${right.length}` }
  }
  found.forEach(({ dtype, elements }, k) => {
    const { elements: wanted, errors } = right[k]
    if (elements.length !== wanted.length) {
      comparison.worst = Infinity
      comparison.where = `result ${k} has ${elements.length} elements, not ${wanted.length}`
      return
    }
    const round = dtype === 'float32' ? Math.fround : (x: number): number => x
    for (let i = 0; i < wanted.length; i++) {
      if (!Number.isFinite(errors[i])) {
        comparison.unsure++
        continue
      }
      comparison.compared++
      const off = distance(elements[i], wanted[i], errors[i], dtype, round)
      if (off <= comparison.worst) continue
      comparison.worst = off
      comparison.where = `result ${k}, element ${i}: ${elements[i]} for ${wanted[i]}`
    }
  })
  return comparison
}

function distance(
  found: number,
  wanted: number,
  error: number,
  dtype: string,
  round: (x: number) => number,
): number {
  const nearest = round(wanted)
  if (found === nearest || (found !== found && nearest !== nearest)) {
    return Number.isFinite(nearest) ? Math.abs(found - wanted) / ulp(error || wanted, dtype) : 0
  }
  if (error === 0 || !Number.isFinite(nearest) || !Number.isFinite(found)) return Infinity
  return Math.abs(found - wanted) / ulp(error, dtype)
}

/** The distance between numbers as large as `x`. */
export function ulp(x: number, dtype: string): number {
  const [digits, least] = dtype === 'float32' ? [23, -126] : [52, -1022]
  const exponent = Math.max(least, Math.floor(Math.log2(Math.abs(x))))
  return 2 ** (exponent - digits)
}

const double = new Float64Array(1)
const bits = new BigInt64Array(double.buffer)

/** The place of x in the row of all doubles, so that neighbours differ by 1. */
function rank(x: number): bigint {
  double[0] = x
  return bits[0] < 0n ? -(bits[0] & 0x7fffffffffffffffn) : bits[0]
}

/** How many doubles lie between a and b, plus one; 0 when they are equal. */
export function ulpsBetween(a: number, b: number): number {
  const distance = Number(rank(a) - rank(b))
  return Math.abs(distance)
}

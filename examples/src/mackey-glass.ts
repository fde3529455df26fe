/**
 * The Mackey–Glass equation, `dx/dt = 0.2 · x(t − 17) / (1 + x(t − 17)¹⁰) − 0.1 · x(t)`: how many white
 * cells there are in the blood, when it takes the body 17 days to make new ones. `count` values, each
 * `every` days after the one before, once the first 500 days are over.
 *
 * Solved by the classical Runge–Kutta method in steps of 0.1 days; between two steps the past is a
 * straight line.
 *
 * Source: Mackey, Glass, "Oscillation and chaos in physiological control systems", Science 197(4300),
 * 1977.
 */
export function mackeyGlass(count: number, every: number): number[] {
  const step = 0.1
  const delay = Math.round(17 / step)
  const birth = (past: number): number => (0.2 * past) / (1 + tenthPower(past))
  // Before it starts, it was always 1.2.
  const x = new Array<number>(delay + 1).fill(1.2)
  const [first, stride] = [delay + Math.round(500 / step), Math.round(every / step)]
  while (x.length <= first + (count - 1) * stride) {
    const now = x.at(-1)!
    const [before, after] = [x.at(-1 - delay)!, x.at(-delay)!]
    const between = birth((before + after) / 2)
    const k1 = birth(before) - 0.1 * now
    const k2 = between - 0.1 * (now + (step / 2) * k1)
    const k3 = between - 0.1 * (now + (step / 2) * k2)
    const k4 = birth(after) - 0.1 * (now + step * k3)
    x.push(now + (step / 6) * (k1 + 2 * k2 + 2 * k3 + k4))
  }
  return Array.from({ length: count }, (_, i) => x[first + i * stride]!)
}

/** By products, which give the same everywhere: what `**` rounds otherwise, chaos would make large. */
function tenthPower(x: number): number {
  const square = x * x
  const fourth = square * square
  return fourth * fourth * square
}

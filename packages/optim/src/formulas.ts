import { scalar as s, type Expr } from '@gradtape/core'

// What the update formulas share. Each follows the order of PyTorch's operations, so that results
// agree to rounding.

/** The gradient plus `weightDecay · p`, an L2 penalty's; a decay of 0 leaves even infinities alone. */
export function withPenalty(p: Expr, g: Expr, weightDecay: Expr): Expr {
  return s.select(s.ne(weightDecay, 0), s.add(g, s.mul(weightDecay, p)), g)
}

/** A running mean moved on: `rate · mean + rest · value`. */
export function runningMean(mean: Expr, value: Expr, rate: Expr, rest: Expr): Expr {
  return s.add(s.mul(mean, rate), s.mul(rest, value))
}

/** A running mean of squares moved on: `rate · mean + rest · value²`. */
export function runningSquare(mean: Expr, value: Expr, rate: Expr, rest: Expr): Expr {
  return s.add(s.mul(mean, rate), s.mul(s.mul(rest, value), value))
}

/** The number that turns a gradient towards where the parameter is to go: up or down. */
export function signOf(maximize: boolean): number {
  return maximize ? -1 : 1
}

/**
 * What a weight decay does: shrinks the parameter by a factor, when decoupled, or adds a penalty's
 * gradient.
 */
export function decayOf(
  decoupled: boolean,
  lr: number,
  weightDecay: number,
): [shrink: number, penalty: number] {
  return decoupled ? [1 - lr * weightDecay, 0] : [1, weightDecay]
}

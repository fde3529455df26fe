import type { Tensor } from '@gradtape/core'
import { flatten, placeOf, unflatten } from './vectors.ts'

/** A line through the inputs, along which they are moved in place. */
export interface Direction {
  /** How far one step goes. */
  readonly step: number
  /** Puts the inputs `t` steps away from where they stood; 0 restores them. */
  moveTo(t: number): void
}

/** Makes steps of about `eps` along a line. */
export type Line = (eps: number) => Direction

/** Along one element, by its place among all. */
export function elementLine(inputs: readonly Tensor[], at: number): Line {
  const { tensor, index } = placeOf(at, inputs)
  const x = inputs[tensor]!.detach()
  const element = index.length === 0 ? x : x.at(...index)
  const value = element.item()
  return (eps) => {
    const step = representable(value, eps)
    return { step, moveTo: (t) => void element.fill_(value + t * step) }
  }
}

/** Along all elements at once, each by its part of `u` times its {@link scaleOf scale}. */
export function line(inputs: readonly Tensor[], u: Float64Array): Line {
  const values = flatten(inputs)
  const memory = inputs.map((x) => x.detach())
  return (eps) => ({
    step: eps,
    moveTo(t) {
      const moved = values.map((value, i) => value + t * eps * scaleOf(value) * u[i]!)
      unflatten(moved, inputs).forEach((x, k) => memory[k]!.copy_(x))
    },
  })
}

/** What steps are in proportion to. */
export function scaleOf(x: number): number {
  return Math.max(1, Math.abs(x))
}

/** A step that leads from `x` to another number without rounding. */
function representable(x: number, eps: number): number {
  return x + eps * scaleOf(x) - x
}

/** Puts the inputs back as they were, whatever `run` does. */
export function restoring<R>(inputs: readonly Tensor[], run: () => R): R {
  const before = inputs.map((x) => x.detach().clone())
  try {
    return run()
  } finally {
    inputs.forEach((x, i) => x.detach().copy_(before[i]!))
  }
}

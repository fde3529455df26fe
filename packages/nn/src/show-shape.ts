import type { Shape } from '@gradtape/core'

/** `[2, 3]`, as messages print it. */
export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`
}

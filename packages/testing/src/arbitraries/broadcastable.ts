import fc from 'fast-check'
import { shapes, type ShapesConstraints } from './shapes.ts'

/** Shapes that broadcast to `shape`: some sizes are 1, and dims in front may be missing. */
export function broadcastableTo(shape: readonly number[]): fc.Arbitrary<number[]> {
  return fc
    .tuple(
      fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(shape.length)),
      fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
    )
    .map(([missing, kept]) => shape.map((size, d) => (kept[d] ? size : 1)).slice(missing))
}

/** Two shapes that broadcast with each other, either of which may be stretched. */
export function broadcastablePairs(
  constraints: ShapesConstraints = {},
): fc.Arbitrary<[number[], number[]]> {
  return shapes(constraints).chain((shape) =>
    fc
      .tuple(broadcastableTo(shape), broadcastableTo(shape))
      .map(([a, b]): [number[], number[]] => [a, b]),
  )
}

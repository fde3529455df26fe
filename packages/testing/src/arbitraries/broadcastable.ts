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

/** Shapes that broadcast with each other, `count` of them; any may be stretched. */
export function broadcastableSets(
  count: number,
  constraints: ShapesConstraints = {},
): fc.Arbitrary<number[][]> {
  return shapes(constraints).chain((shape) => {
    const list = { minLength: count, maxLength: count }
    return fc.array(broadcastableTo(shape), list)
  })
}

/** Two shapes that broadcast with each other, either of which may be stretched. */
export function broadcastablePairs(
  constraints: ShapesConstraints = {},
): fc.Arbitrary<[number[], number[]]> {
  return broadcastableSets(2, constraints).map(([a, b]): [number[], number[]] => [a!, b!])
}

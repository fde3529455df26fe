import { slice, type Key, type Sampler, type Shape } from '@gradtape/core'

/** Keys that `at` takes for a tensor of a filled shape of one dim or more. */
export function drawKeys(g: Sampler, shape: Shape): readonly Key[] {
  const first = shape[0]!
  const last = shape.at(-1)!
  const few = (): Shape => g.pick([[], [1], [2], [2, 1]])
  const choices: (() => readonly Key[])[] = [
    () => [g.int(-first, first - 1)],
    () => [slice(1)],
    () => [slice(null, null, 2), '...'],
    () => ['...', g.int(0, last - 1)],
    () => ['...', null, slice(-2)],
    () => [null, 0],
    () => [g.index(few(), first)],
    () => ['...', g.index(few(), last)],
    () => [slice(null, 2), ...(shape.length > 1 ? [g.index(few(), shape[1]!)] : [])],
    () => [g.mask(shape)],
    () => ['...', g.mask([last]), null],
  ]
  if (shape.length > 1) {
    choices.push(
      () => [g.index(few(), first), null, g.index(few(), shape[1]!)],
      () => [g.index(few(), first), ...shape.slice(1, -1).map(() => slice()), g.index([2], last)],
      () => [g.mask(shape.slice(0, -1)), g.index(few().slice(1), last)],
    )
  }
  return g.pick(choices)()
}

import { isTensor, ShapeError, tensor, ValueError } from '@gradtape/core'
import type { RandomState, Tensor } from '@gradtape/core'
import { randomStateOf } from './random-state.ts'
import type { RowsOf } from './row-shapes.ts'

/** Arguments of scikit-learn's `train_test_split`. */
export interface SplitOptions {
  /** The test part: a fraction between 0 and 1, or a count. Default: what `trainSize` leaves, else 0.25. */
  testSize?: number
  /** The training part, likewise. Default: what `testSize` leaves. */
  trainSize?: number
  /** A seed, or a stream to draw from. Default: a seed from the default generator. */
  randomState?: number | RandomState
  /** Whether to draw at random. Default: true; otherwise the first samples train, the next test. */
  shuffle?: boolean
}

type Splittable = Tensor | readonly unknown[]
type Part<A> = A extends Tensor ? RowsOf<A> : A extends readonly (infer T)[] ? T[] : never

/** `[aTrain, aTest, bTrain, bTest, …]` for arrays `[a, b, …]`. */
export type Split<A extends readonly unknown[]> = A extends readonly [infer First, ...infer Rest]
  ? [train: Part<First>, test: Part<First>, ...Split<Rest>]
  : []

/**
 * Splits tensors (along their first dimension) and arrays into a part to train on and a part to test
 * with, all of them the same way.
 *
 * The same arguments choose the samples that scikit-learn chooses, in its order. A fraction is
 * rounded up for the test part and down for the training part.
 *
 * @throws {ShapeError} when lengths differ or a tensor is 0-d.
 * @throws {ValueError} when a size is out of range, a part would be empty, or both don't fit.
 *
 * @example
 * ```ts
 * import { arange } from '@gradtape/core'
 * import { trainTestSplit } from '@gradtape/data'
 *
 * const [x, y] = [arange(5), ['a', 'b', 'c', 'd', 'e']]
 * const [xTrain, xTest, yTrain, yTest] = trainTestSplit(x, y, { testSize: 0.4, randomState: 42 })
 * console.log(xTrain, yTrain) // → tensor([2., 0., 3.]) [ 'c', 'a', 'd' ]
 * console.log(xTest, yTest) // → tensor([1., 4.]) [ 'b', 'e' ]
 * ```
 */
export function trainTestSplit<A extends readonly Splittable[]>(
  ...args: readonly [...arrays: A, options: SplitOptions]
): Split<A>
export function trainTestSplit<A extends readonly Splittable[]>(...arrays: A): Split<A>
export function trainTestSplit(...args: readonly (Splittable | SplitOptions)[]): unknown {
  const last = args.at(-1)
  const options = last === undefined || isSplittable(last) ? {} : last
  const arrays = (options === last ? args.slice(0, -1) : args).map((array, i) => {
    if (!isSplittable(array)) {
      throw new ValueError(
        `trainTestSplit: argument ${i + 1} is neither a tensor nor an array; options stand last`,
      )
    }
    return array
  })
  const total = commonLength(arrays)
  const [train, test] = partSizes(total, options)
  const order =
    options.shuffle === false
      ? undefined
      : randomStateOf(options.randomState).permutation(total).data
  const positions = (from: number, length: number) =>
    Int32Array.from({ length }, (_, i) => (order === undefined ? from + i : order[from + i]!))
  // A drawn test part stands at the head of the permutation; without a draw it follows the training part.
  const trainIndices = positions(order === undefined ? 0 : test, train)
  const testIndices = positions(order === undefined ? train : 0, test)
  return arrays.flatMap((array) => [pick(array, trainIndices), pick(array, testIndices)])
}

function isSplittable(value: unknown): value is Splittable {
  return isTensor(value) || Array.isArray(value)
}

function commonLength(arrays: readonly Splittable[]): number {
  const lengths = arrays.map((array) => {
    if (!isTensor(array)) return array.length
    if (array.ndim > 0) return array.size(0)
    throw new ShapeError('trainTestSplit: a 0-d tensor has no first dimension to split')
  })
  const [total] = lengths
  if (total === undefined) throw new ValueError('trainTestSplit: expected at least one array')
  if (lengths.some((length) => length !== total)) {
    throw new ShapeError(
      `trainTestSplit: all arrays must have the same length, got ${lengths.join(', ')}`,
    )
  }
  return total
}

function partSizes(
  total: number,
  { testSize, trainSize }: SplitOptions,
): readonly [train: number, test: number] {
  const wantedTest = countOf(
    'testSize',
    testSize ?? (trainSize === undefined ? 0.25 : undefined),
    total,
    Math.ceil,
  )
  const wantedTrain = countOf('trainSize', trainSize, total, Math.floor)
  const test = wantedTest ?? total - (wantedTrain ?? 0)
  const train = wantedTrain ?? total - test
  if (train + test > total) {
    throw new ValueError(
      `trainTestSplit: trainSize and testSize ask for ${train} + ${test} samples of ${total}`,
    )
  }
  if (train === 0 || test === 0) {
    throw new ValueError(
      `trainTestSplit: of ${total} samples, ${train} would train and ${test} test; neither part may be empty`,
    )
  }
  return [train, test]
}

function countOf(
  name: string,
  size: number | undefined,
  total: number,
  round: (x: number) => number,
): number | undefined {
  if (size === undefined) return undefined
  if (size > 0 && size < 1) return round(size * total)
  if (Number.isInteger(size) && size > 0 && size < total) return size
  throw new ValueError(
    `trainTestSplit: ${name} must be a fraction between 0 and 1 or a count from 1 to ${total - 1}, got ${size}`,
  )
}

function pick(array: Splittable, indices: Int32Array): Splittable {
  return isTensor(array)
    ? array.indexSelect(0, tensor(indices))
    : Array.from(indices, (i) => array[i])
}

import { arange, asCall, inspect, ValueError, type ShapeOf, type Tensor } from '@gradtape/core'
import { checkSize } from '../options.ts'
import { checkIndex, checkRange } from './indices.ts'

/**
 * Labels as rows of zeros with a one at the label: of labels (int32, int64 or uint8) of any shape
 * `[…]`, int32 `[…, classes]`. Without `classes` there are as many as the largest label tells.
 *
 * @throws {ValueError} for a label that is none of the classes, or when there are no labels and
 * `classes` isn't given.
 * @throws {DTypeError} unless the labels are integers.
 *
 * @example
 * ```ts
 * import { tensor } from '@gradtape/core'
 * import { functional as F } from '@gradtape/nn'
 *
 * console.log(F.oneHot(tensor([2, 0], { dtype: 'int32' }), 3))
 * // → tensor([[0, 0, 1],
 * //           [1, 0, 0]], dtype=int32)
 * ```
 */
export function oneHot<X extends Tensor, const C extends number = number>(
  index: X,
  classes?: C,
): Tensor<[...ShapeOf<X>, C]> {
  const name = 'oneHot'
  if (classes !== undefined) checkSize(name, 'classes', classes, 1)
  const labels = checkIndex(name, index)
  return asCall(name, () => {
    const count = classes ?? countClasses(name, labels)
    checkRange(name, labels, count)
    return labels
      .unsqueeze(-1)
      .eq(arange(count, { dtype: 'int32' }))
      .to('int32')
  }) as never
}

function countClasses(name: string, labels: Tensor): number {
  if (labels.numel === 0) {
    throw new ValueError(`${name}: of no labels the number of classes can't be told; give it`)
  }
  let largest = -1
  inspect(labels, (elements) => {
    for (let i = 0; i < elements.length; i++) largest = Math.max(largest, Number(elements[i]))
  })
  return largest + 1
}

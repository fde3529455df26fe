import { type Shape, type ShapeOf, type Tensor } from '@gradtape/core'
import {
  adaptiveAvgPool2d,
  checkAdaptiveSize,
  type AdaptivePooled,
  type AdaptiveSize,
} from '../functional/adaptive-pooling.ts'
import { Module } from '../module/module.ts'
import type { Output, Ruled, ShapeRule } from '../shape-rules.ts'

/** `[...batch, C, height, width]` becomes `[...batch, C, ...size]`. */
export interface AdaptiveAvgPool2dRule<S extends AdaptiveSize> extends ShapeRule {
  readonly out: this['in'] extends infer X extends Shape ? AdaptivePooled<X, S> : never
}

/**
 * The means of as many windows of images `[N, C, H, W]` or `[C, H, W]` as `outputSize` says, whatever
 * their size: `functional.adaptiveAvgPool2d`. One number is for height and width, null for the input's
 * own.
 *
 * @throws {ValueError} in the constructor unless the sizes are integers of at least 1, or null.
 *
 * @example
 * ```ts
 * import { zeros } from '@gradtape/core'
 * import { AdaptiveAvgPool2d } from '@gradtape/nn'
 *
 * console.log(new AdaptiveAvgPool2d(1).forward(zeros([8, 6, 7, 9])).shape) // → [ 8, 6, 1, 1 ]
 * ```
 */
export class AdaptiveAvgPool2d<const S extends AdaptiveSize>
  extends Module
  implements Ruled<AdaptiveAvgPool2dRule<S>>
{
  declare readonly '~rule'?: AdaptiveAvgPool2dRule<S>
  readonly outputSize: S

  constructor(outputSize: S) {
    super()
    checkAdaptiveSize('AdaptiveAvgPool2d', outputSize)
    this.outputSize = outputSize
  }

  /** @throws {ShapeError} unless x is of images that are not empty. */
  forward<X extends Tensor>(x: X): Tensor<Output<AdaptiveAvgPool2dRule<S>, ShapeOf<X>>> {
    return adaptiveAvgPool2d(x, this.outputSize) as never
  }

  override extraRepr(): string {
    return `outputSize=${JSON.stringify(this.outputSize).replaceAll(',', ', ')}`
  }
}

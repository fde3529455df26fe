import { ShapeError, isTensor, ValueError, type Shape, type Tensor } from '@gradtape/core'
import { Module } from '../module/module.ts'
import { checkFlag, perDim, type PerDim } from '../options.ts'
import type { ShapeRule } from '../shape-rules.ts'
import { showShape } from '../show-shape.ts'

// What pools of images have in common: how their windows lie.

export interface PoolingOptions {
  /** How far apart the windows are; their size unless given. */
  readonly stride?: PerDim<2> | null
  /** How many elements are added at both ends, at most half of the window; 0 unless given. */
  readonly padding?: PerDim<2>
  /** Whether a last window may reach beyond the end; false unless given. */
  readonly ceilMode?: boolean
}

/** `[...batch, C, height, width]` becomes `[...batch, C, …, …]`. */
export interface PoolingRule extends ShapeRule {
  readonly out: this['in'] extends readonly [...infer Front extends Shape, number, number]
    ? [...Front, number, number]
    : Shape
}

export abstract class Pooling extends Module {
  readonly kernelSize: readonly number[]
  readonly stride: readonly number[]
  readonly padding: readonly number[]
  readonly ceilMode: boolean

  constructor(kernelSize: unknown, { stride, padding = 0, ceilMode = false }: PoolingOptions) {
    super()
    const { name } = new.target
    this.kernelSize = perDim(name, 'kernelSize', kernelSize, 2, 1)
    this.stride = perDim(name, 'stride', stride ?? this.kernelSize, 2, 1)
    this.padding = perDim(name, 'padding', padding, 2, 0)
    this.ceilMode = checkFlag(name, 'ceilMode', ceilMode)
    if (this.padding.some((n, d) => 2 * n > this.kernelSize[d]!)) {
      throw new ValueError(
        `${name}: padding ${showShape(this.padding)} is more than half of the kernel ${showShape(this.kernelSize)}; use less`,
      )
    }
  }

  /** @throws {ShapeError} unless x is an image or a batch of them. */
  protected checkImages(x: Tensor): void {
    if (!isTensor(x) || x.ndim === 3 || x.ndim === 4) return
    throw new ShapeError(
      `${this.constructor.name}: expected [N, C, H, W] or [C, H, W], got shape ${showShape(x.shape)}`,
    )
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding, ceilMode } = this
    return `kernelSize=${showShape(kernelSize)}, stride=${showShape(stride)}, padding=${showShape(padding)}, ceilMode=${ceilMode}`
  }
}

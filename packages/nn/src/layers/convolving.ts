import { isTensor, ShapeError, ValueError, type Tensor } from '@gradtape/core'
import { Module } from '../module/module.ts'
import type { Parameter } from '../module/parameter.ts'
import {
  checkDtype,
  checkFlag,
  checkSize,
  perDim,
  type ParameterStart,
  type PerDim,
  type Rank,
} from '../options.ts'
import { showShape } from '../show-shape.ts'
import { uniformParameter } from './uniform-parameter.ts'

// What layers of convolutions have in common: their sizes, weight and bias.

export interface ConvolvingOptions<R extends Rank> extends ParameterStart {
  /** How far apart the windows are; 1 unless given. */
  readonly stride?: PerDim<R>
  /** How far apart the elements of a window are; 1 unless given. */
  readonly dilation?: PerDim<R>
  /** Into how many groups the channels fall, each with filters of its own; 1 unless given. */
  readonly groups?: number
  /** Whether a bias is added; true unless given. */
  readonly bias?: boolean
}

export const convolvingNames = [
  'stride',
  'padding',
  'dilation',
  'groups',
  'bias',
  'dtype',
  'generator',
] as const

const images = { 1: '[N, C, L] or [C, L]', 2: '[N, C, H, W] or [C, H, W]' }

/** A layer of filters that slide over signals or images. */
export abstract class Convolving<In extends number, Out extends number> extends Module {
  readonly inChannels: In
  readonly outChannels: Out
  readonly kernelSize: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
  readonly groups: number
  readonly weight: Parameter
  readonly bias: Parameter<[Out]> | null

  /** `transposed`: whether the weight is [in, out / groups, …] instead of [out, in / groups, …]. */
  constructor(
    rank: Rank,
    transposed: boolean,
    inChannels: In,
    outChannels: Out,
    kernelSize: unknown,
    options: ConvolvingOptions<Rank>,
  ) {
    super()
    const { name } = new.target
    const { stride = 1, dilation = 1, groups = 1, bias = true } = options
    checkSize(name, 'inChannels', inChannels, 1)
    checkSize(name, 'outChannels', outChannels, 1)
    this.kernelSize = perDim(name, 'kernelSize', kernelSize, rank, 1)
    this.stride = perDim(name, 'stride', stride, rank, 1)
    this.dilation = perDim(name, 'dilation', dilation, rank, 1)
    this.groups = checkSize(name, 'groups', groups, 1)
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new ValueError(
        `${name}: ${groups} groups must divide both the ${inChannels} channels of the input and the ${outChannels} of the output`,
      )
    }
    this.inChannels = inChannels
    this.outChannels = outChannels
    checkFlag(name, 'bias', bias)
    checkDtype(name, options.dtype)
    const [first, second] = transposed ? [inChannels, outChannels] : [outChannels, inChannels]
    const shape = [first, second / groups, ...this.kernelSize]
    const fan = shape.slice(1).reduce((a, b) => a * b, 1)
    this.weight = uniformParameter(shape, fan, options)
    this.bias = bias ? uniformParameter([outChannels], fan, options) : null
  }

  /** @throws {ShapeError} unless x has the channels that the layer takes, in their place. */
  protected checkChannels(x: Tensor): void {
    if (!isTensor(x)) return
    const { inChannels, outChannels, kernelSize } = this
    const rank = kernelSize.length as Rank
    const extra = x.ndim - rank
    if ((extra === 1 || extra === 2) && x.shape[extra - 1] === inChannels) return
    throw new ShapeError(
      `${this.constructor.name}(${inChannels}, ${outChannels}): expected ${images[rank]} with C = ${inChannels}, got shape ${showShape(x.shape)}`,
    )
  }

  override extraRepr(): string {
    const { inChannels, outChannels, kernelSize, stride, dilation, groups, bias } = this
    const list = (name: string, values: readonly number[], usual: number): string =>
      values.every((n) => n === usual) ? '' : `, ${name}=${showShape(values)}`
    return (
      `inChannels=${inChannels}, outChannels=${outChannels}, kernelSize=${showShape(kernelSize)}, stride=${showShape(stride)}` +
      list('dilation', dilation, 1) +
      (groups === 1 ? '' : `, groups=${groups}`) +
      (bias === null ? ', bias=false' : '')
    )
  }
}

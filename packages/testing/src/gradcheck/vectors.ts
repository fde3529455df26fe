import { GradientError, gradients, tensor, type Tensor } from '@gradtape/core'
import type { Problem } from './problem.ts'

/** The number of elements of all. */
export function sizeOf(tensors: readonly Tensor[]): number {
  return tensors.reduce((count, { numel }) => count + numel, 0)
}

/** The elements of all, one tensor after the other. */
export function flatten(tensors: readonly Tensor[]): Float64Array {
  const flat = new Float64Array(sizeOf(tensors))
  let offset = 0
  for (const { data } of tensors) {
    flat.set(data, offset)
    offset += data.length
  }
  return flat
}

/** Tensors of these shapes and dtypes with the elements of `flat`. */
export function unflatten(flat: Float64Array, like: readonly Tensor[]): Tensor[] {
  let offset = 0
  return like.map(({ shape, numel, dtype }) =>
    tensor(flat.slice(offset, (offset += numel)), { shape: [...shape] }).to(dtype),
  )
}

/** The elements that each tensor has in what {@link flatten} makes. */
export interface Place {
  readonly tensor: number
  readonly index: readonly number[]
}

/** Where the element at `offset` of what {@link flatten} makes stands. */
export function placeOf(offset: number, tensors: readonly Tensor[]): Place {
  let rest = offset
  let which = 0
  while (rest >= tensors[which]!.numel) rest -= tensors[which++]!.numel
  return { tensor: which, index: indexOf(rest, tensors[which]!.shape) }
}

function indexOf(i: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length)
  let rest = i
  for (let d = shape.length - 1; d >= 0; d--) {
    index[d] = rest % shape[d]!
    rest = Math.floor(rest / shape[d]!)
  }
  return index
}

/**
 * The gradients of `outputs`, which were recorded for `inputs`, weighted by cotangents: by all
 * elements of the inputs, one after the other. Outputs without a cotangent count for nothing.
 *
 * @throws {GradientError} when a rule gave a gradient of another shape or dtype than its input.
 */
export function pull(
  { where, names }: Problem,
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  cotangents: readonly (Tensor | null)[],
): Float64Array {
  const seeds = outputs.map((_, k) => k).filter((k) => outputs[k]!.requiresGrad && cotangents[k])
  if (seeds.length === 0) return new Float64Array(sizeOf(inputs))
  const found = gradients(
    seeds.map((k) => outputs[k]!),
    inputs,
    { gradOutputs: seeds.map((k) => cotangents[k]!), retainGraph: true, allowUnused: true },
  )
  const flat = new Float64Array(sizeOf(inputs))
  let offset = 0
  inputs.forEach((x, i) => {
    const gradient = found[i]
    if (gradient) {
      const form = ({ dtype, shape }: Tensor): string => `${dtype} [${shape.join(', ')}]`
      if (form(gradient) !== form(x)) {
        throw new GradientError(
          `${where}: the gradient of ${names[i]} is ${form(gradient)}, but the input is ${form(x)}`,
        )
      }
      flat.set(gradient.data, offset)
    }
    offset += x.numel
  })
  return flat
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

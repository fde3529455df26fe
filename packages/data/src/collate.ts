import { isTensor, ShapeError, stack, tensor, ValueError } from '@gradtape/core'
import type { Tensor, TypedArray } from '@gradtape/core'
import type { StackOf } from './row-shapes.ts'

/**
 * A batch of samples of type T, or of what they promise: every leaf of a sample with a dimension for
 * the batch in front.
 */
export type Collated<T> = T extends Tensor
  ? StackOf<T>
  : T extends number | boolean
    ? Tensor<[number]>
    : T extends TypedArray
      ? Tensor<[number, number]>
      : T extends string
        ? string[]
        : T extends readonly unknown[] | Readonly<Record<string, unknown>>
          ? { -readonly [K in keyof T]: Collated<T[K]> }
          : T extends PromiseLike<infer V>
            ? Collated<V>
            : never

/**
 * Joins samples into a batch.
 *
 * Tensors and typed arrays of one shape are stacked; numbers become a tensor of the default float
 * dtype and booleans one of bool; strings stay a list; arrays and plain objects are joined entry by
 * entry.
 *
 * @throws {ShapeError} when tensors differ in shape.
 * @throws {ValueError} when samples differ in structure, or hold what can't be joined.
 */
export function defaultCollate<T>(samples: readonly T[]): Collated<T> {
  return join(samples, 'sample') as Collated<T>
}

function join(samples: readonly unknown[], where: string): unknown {
  const kind = kindOf(samples[0], where)
  for (const sample of samples) {
    const other = kindOf(sample, where)
    if (other !== kind) {
      throw new ValueError(
        `defaultCollate: ${where} is ${kind} in one sample and ${other} in another`,
      )
    }
  }
  switch (kind) {
    case 'a tensor':
      return joinTensors(samples as readonly Tensor[], where)
    case 'a typed array':
      return joinTensors(
        (samples as readonly TypedArray[]).map((sample) => tensor(sample)),
        where,
      )
    case 'a number':
      return tensor(samples as number[])
    case 'a boolean':
      return tensor((samples as boolean[]).map(Number), { dtype: 'bool' })
    case 'a string':
      return [...samples]
    case 'an array':
      return joinArrays(samples as readonly unknown[][], where)
    case 'an object':
      return joinObjects(samples as readonly Record<string, unknown>[], where)
  }
}

type Kind =
  'a tensor' | 'a typed array' | 'a number' | 'a boolean' | 'a string' | 'an array' | 'an object'

function kindOf(sample: unknown, where: string): Kind {
  if (isTensor(sample)) return 'a tensor'
  if (ArrayBuffer.isView(sample) && !(sample instanceof DataView)) return 'a typed array'
  if (Array.isArray(sample)) return 'an array'
  if (typeof sample === 'number') return 'a number'
  if (typeof sample === 'boolean') return 'a boolean'
  if (typeof sample === 'string') return 'a string'
  if (typeof sample === 'object' && sample !== null) {
    const prototype: unknown = Object.getPrototypeOf(sample)
    if (prototype === Object.prototype || prototype === null) return 'an object'
  }
  throw new ValueError(
    `defaultCollate: ${where} is ${sample === undefined ? 'undefined' : Object.prototype.toString.call(sample)}; a sample is made of tensors, numbers, booleans, strings, arrays and plain objects`,
  )
}

function joinTensors(tensors: readonly Tensor[], where: string): Tensor {
  const [first] = tensors
  for (const each of tensors) {
    if (String(each.shape) !== String(first?.shape)) {
      throw new ShapeError(
        `defaultCollate: ${where} must have one shape in all samples, got [${first?.shape}] and [${each.shape}]`,
      )
    }
  }
  return stack(tensors, 0)
}

function joinArrays(arrays: readonly unknown[][], where: string): unknown[] {
  const length = arrays[0]?.length ?? 0
  for (const each of arrays) {
    if (each.length !== length) {
      throw new ValueError(
        `defaultCollate: ${where} has ${length} entries in one sample and ${each.length} in another`,
      )
    }
  }
  return Array.from({ length }, (_, k) =>
    join(
      arrays.map((each) => each[k]),
      `${where}[${k}]`,
    ),
  )
}

function joinObjects(
  objects: readonly Record<string, unknown>[],
  where: string,
): Record<string, unknown> {
  const keys = Object.keys(objects[0] ?? {})
  for (const each of objects) {
    const others = Object.keys(each)
    if (others.length !== keys.length || !keys.every((key) => Object.hasOwn(each, key))) {
      throw new ValueError(
        `defaultCollate: ${where} has the keys ${keys.join(', ')} in one sample and ${others.join(', ')} in another`,
      )
    }
  }
  return Object.fromEntries(
    keys.map((key) => [
      key,
      join(
        objects.map((each) => each[key]),
        `${where}.${key}`,
      ),
    ]),
  )
}

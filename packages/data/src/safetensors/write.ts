import { ValueError } from '@gradtape/core'
import type { Tensor } from '@gradtape/core'
import { checkOptions } from '../checks.ts'
import {
  byteLengthOf,
  bytesOfTensor,
  bytesPerElement,
  entriesOf,
  isWellFormed,
} from '../files/elements.ts'
import { codeOfDType } from './dtypes.ts'
import { MAX_HEADER, METADATA } from './header.ts'

/** What is written beside the tensors. */
export interface SafetensorsOptions {
  /** Texts by name, e.g. `{ format: 'pt' }`, which Hugging Face's transformers ask for. */
  readonly metadata?: Readonly<Record<string, string>>
}

/**
 * The bytes of a safetensors file with these tensors, e.g. a module's state dict. Other programs read
 * it, PyTorch's among them; names keep their order.
 *
 * @throws {ValueError} when a value is no tensor, a metadata value no text, a name no Unicode text or
 * `__metadata__`.
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  options: SafetensorsOptions = {},
): Uint8Array<ArrayBuffer> {
  const { header, ordered, length } = planSafetensors('writeSafetensors', tensors, options)
  const file = new Uint8Array(length)
  file.set(header)
  let position = header.length
  for (const each of ordered) {
    const bytes = bytesOfTensor(each)
    file.set(bytes, position)
    position += bytes.length
  }
  return file
}

/** A file before its elements are written: they follow the header in the order of `ordered`. */
export interface SafetensorsPlan {
  readonly header: Uint8Array
  readonly ordered: readonly Tensor[]
  readonly length: number
}

export function planSafetensors(
  where: string,
  tensors: Readonly<Record<string, Tensor>>,
  options: SafetensorsOptions,
): SafetensorsPlan {
  const { metadata } = checkOptions(where, options)
  const entries = entriesOf(where, tensors)
  if (Object.hasOwn(tensors, METADATA)) {
    throw new ValueError(`${where}: no tensor can be named ${METADATA}; pass { metadata }`)
  }
  // Large elements first, so that every tensor stands aligned; the header keeps the given order.
  const inFile = [...entries].sort(
    ([, a], [, b]) => bytesPerElement(b.dtype) - bytesPerElement(a.dtype),
  )
  const offsets = new Map<string, [number, number]>()
  let length = 0
  for (const [name, { dtype, shape }] of inFile) {
    const start = length
    length += byteLengthOf(where, dtype, shape)
    offsets.set(name, [start, length])
  }
  const infos = entries.map(([name, { dtype, shape }]): [string, unknown] => [
    name,
    { dtype: codeOfDType(dtype), shape, data_offsets: offsets.get(name) },
  ])
  if (metadata !== undefined) infos.unshift([METADATA, checkMetadata(where, metadata)])
  const header = encodeHeader(where, infos)
  return { header, ordered: inFile.map(([, each]) => each), length: header.length + length }
}

function encodeHeader(where: string, infos: readonly [string, unknown][]): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(infos)))
  const padded = Math.ceil(json.length / 8) * 8
  if (padded > MAX_HEADER) {
    throw new ValueError(
      `${where}: the header would have ${padded} bytes, more than the ${MAX_HEADER} that are allowed`,
    )
  }
  const header = new Uint8Array(8 + padded).fill(0x20)
  new DataView(header.buffer).setBigUint64(0, BigInt(padded), true)
  header.set(json, 8)
  return header
}

function checkMetadata(where: string, metadata: unknown): unknown {
  if (typeof metadata !== 'object' || metadata === null) {
    throw new ValueError(`${where}: metadata must be an object of texts, got ${String(metadata)}`)
  }
  for (const [name, value] of Object.entries(metadata)) {
    if (typeof value !== 'string' || !isWellFormed(name) || !isWellFormed(value)) {
      throw new ValueError(
        `${where}: metadata must be texts by name, but ${JSON.stringify(name)} is ${typeof value === 'string' ? 'no Unicode text' : `a ${typeof value}`}`,
      )
    }
  }
  return metadata
}

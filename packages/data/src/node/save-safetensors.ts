import type { Tensor } from '@gradtape/core'
import { bytesOfTensor } from '../files/elements.ts'
import { planSafetensors } from '../safetensors/write.ts'
import type { SafetensorsOptions, SafetensorsPlan } from '../safetensors/write.ts'
import { inFile } from './in-file.ts'
import { writeAtomically } from './write-atomically.ts'

/**
 * Writes a safetensors file with these tensors, e.g. a module's state dict, one after another.
 *
 * Whatever happens meanwhile, the path holds either the old file or the new one, whole: the new one
 * is written beside it, brought to the disk and renamed.
 *
 * @throws {ValueError} as `writeSafetensors` does, and when the file can't be written.
 */
export async function saveSafetensors(
  path: string | URL,
  tensors: Readonly<Record<string, Tensor>>,
  options: SafetensorsOptions = {},
): Promise<void> {
  await inFile('saveSafetensors', path, 'write', () =>
    writeAtomically(path, chunksOf(planSafetensors('writeSafetensors', tensors, options))),
  )
}

function* chunksOf({ header, ordered }: SafetensorsPlan): Generator<Uint8Array> {
  yield header
  for (const each of ordered) yield bytesOfTensor(each)
}

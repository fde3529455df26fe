import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { arange, DTypeError, RandomGenerator, ShapeError, tensor, ValueError } from '@gradtape/core'
import type { Tensor } from '@gradtape/core'
import { DataLoader, writeNpy } from '@gradtape/data'
import { openNpy, saveNpy } from '@gradtape/data/node'
import { describe, expect, it } from 'vitest'
import { fixturePath } from '../fixtures/fixture.ts'
import { expectSame } from '../fixtures/same.ts'
import { arrays } from '../fixtures/written.ts'
import { testFolder } from './folder.ts'

const folder = await testFolder()
const x = arange(40, { dtype: 'float64' }).reshape([10, 2, 2])
const path = join(folder, 'x.npy')
await saveNpy(path, x)

describe('openNpy', () => {
  it('is a dataset of rows', async () => {
    const file = await openNpy(path)
    expect([file.length, file.shape, file.dtype]).toEqual([10, [10, 2, 2], 'float64'])
    expectSame(await file.at(3), x.at(3))
    const indices = tensor([7, 8, 9, 0, 2, 1, 1], { dtype: 'int32' })
    expectSame(await file.batch(indices), x.indexSelect(0, indices))
    expect([...(await file.batch(tensor([], { dtype: 'int32' }))).shape]).toEqual([0, 2, 2])
    await file.close()
  })

  it('feeds a loader, alone and beside another', async () => {
    const file = await openNpy(path)
    const generator = new RandomGenerator(3)
    const seen: number[] = []
    for await (const batch of new DataLoader(file, { batchSize: 4, shuffle: true, generator })) {
      const typed: Tensor = batch
      seen.push(...typed.flatten().toTypedArray())
    }
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from(x.data))
    const pairs = { length: file.length, at: (i: number) => Promise.all([file.at(i), i]) }
    for await (const [rows, labels] of new DataLoader(pairs, { batchSize: 10 })) {
      expectSame(rows, x)
      expect(labels.toArray()).toEqual(Array.from({ length: 10 }, (_, i) => i))
    }
    await file.close()
  })

  it('reads either byte order, and one dimension in either order', async () => {
    for (const name of ['float64-Cbe', 'float16-Cbe', 'uint8-Fle', 'special-Fbe']) {
      const file = await openNpy(fixturePath(`${name}.npy`))
      const all = arrays()[name.split('-')[0]!]!
      for (let i = 0; i < file.length; i++) expectSame(await file.at(i), all.at(i))
      await file[Symbol.asyncDispose]()
    }
  })

  it.each([-1, 10, 0.5, NaN])('names the file and row %s that is not there', async (index) => {
    const file = await openNpy(path)
    const failing = file.at(index)
    await expect(failing).rejects.toThrow(ValueError)
    await expect(failing).rejects.toThrow(
      new RegExp(`NpyFile: .*x\\.npy: there is no row ${index}; rows run from 0 to 9`),
    )
    await file.close()
    await expect(file.at(0)).rejects.toThrow(/NpyFile: can't read .*x\.npy: .*closed/)
  })

  it('tells a file that has become shorter', async () => {
    const short = join(folder, 'short.npy')
    await saveNpy(short, x)
    const file = await openNpy(short)
    await truncate(short, 128 + 9 * 32 + 5)
    await expect(file.at(9)).rejects.toThrow(
      /short\.npy: the file ends at byte 421, before byte 448/,
    )
    expectSame(await file.at(8), x.at(8))
    await file.close()
  })

  it('refuses what has no rows that stand together, and what is damaged, by name', async () => {
    await expect(openNpy(fixturePath('scalar-Cle.npy'))).rejects.toThrow(ShapeError)
    await expect(openNpy(fixturePath('scalar-Cle.npy'))).rejects.toThrow('a 0-d array has no rows')
    await expect(openNpy(fixturePath('cube-F.npy'))).rejects.toThrow(/cube-F.*column by column/)
    await expect(openNpy(fixturePath('complex.npy'))).rejects.toThrow(DTypeError)
    await expect(openNpy(join(folder, 'absent'))).rejects.toThrow(/openNpy: can't read .*absent/)
    const bad = join(folder, 'bad.npy')
    for (const length of [0, 5, 9, 11, 60, 200]) {
      await writeFile(bad, writeNpy(x).subarray(0, length))
      await expect(openNpy(bad)).rejects.toThrow(/openNpy: .*bad\.npy: readNpy: /)
    }
  })
})

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DTypeError, tensor, ValueError } from '@gradtape/core'
import { loadNpy, loadNpz, saveNpy, saveNpz } from '@gradtape/data/node'
import { describe, expect, it } from 'vitest'
import { fixturePath } from '../fixtures/fixture.ts'
import { expectSame } from '../fixtures/same.ts'
import { arrays } from '../fixtures/written.ts'
import { testFolder } from './folder.ts'

const folder = await testFolder()
const x = tensor([[1, 2, 3]])

describe('loadNpy and saveNpy', () => {
  it('read and write a file', async () => {
    const path = join(folder, 'x.npy')
    await saveNpy(path, x)
    expectSame(await loadNpy(path), x)
    expectSame(await loadNpy(fixturePath('float64-Fbe.npy')), arrays()['float64'])
  })

  it('name the file and the place', async () => {
    await writeFile(join(folder, 'bad.npy'), 'nothing')
    await expect(loadNpy(join(folder, 'bad.npy'))).rejects.toThrow(ValueError)
    await expect(loadNpy(join(folder, 'bad.npy'))).rejects.toThrow(/bad\.npy: readNpy: byte 0: /)
    await expect(loadNpy(fixturePath('complex.npy'))).rejects.toThrow(DTypeError)
    await expect(saveNpy(folder, x)).rejects.toThrow(/^saveNpy: can't write /)
  })
})

describe('loadNpz and saveNpz', () => {
  it('read and write a file', async () => {
    const path = join(folder, 'x.npz')
    for (const compress of [false, true]) {
      await saveNpz(path, { x, y: x.T }, { compress })
      const read = await loadNpz(path)
      expectSame(read['x'], x)
      expectSame(read['y'], x.T)
    }
    expectSame((await loadNpz(fixturePath('deflated.npz')))['bool'], arrays()['bool'])
  })

  it('name the file and the place', async () => {
    const path = fixturePath('stored.npz')
    await expect(loadNpz(path, { maxBytes: 9 })).rejects.toThrow(/stored\.npz: readNpz: the 10 arr/)
    await expect(loadNpz(fixturePath('complex.npy'))).rejects.toThrow(/complex\.npy: readNpz: byte/)
    const half = { h: tensor([1], { dtype: 'bfloat16' }) }
    await expect(saveNpz(join(folder, 'h.npz'), half)).rejects.toThrow(DTypeError)
    await expect(loadNpz(join(folder, 'h.npz'))).rejects.toThrow('ENOENT')
  })
})

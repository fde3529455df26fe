import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { arange, DTypeError, tensor, ValueError } from '@gradtape/core'
import { writeSafetensors } from '@gradtape/data'
import { loadSafetensors, openSafetensors, saveSafetensors } from '@gradtape/data/node'
import { describe, expect, it } from 'vitest'
import { fixturePath } from '../fixtures/fixture.ts'
import { expectSame } from '../fixtures/same.ts'
import { samples } from '../fixtures/written.ts'
import { testFolder } from './folder.ts'

const folder = await testFolder()
const inFolder = (name: string) => join(folder, name)

describe('loadSafetensors', () => {
  it('reads what Python wrote, by path or URL', async () => {
    const path = fixturePath('all.safetensors')
    for (const each of [path, pathToFileURL(path)]) {
      const tensors = await loadSafetensors(each)
      expect(Object.keys(tensors)).toEqual(Object.keys(samples()))
      for (const [name, x] of Object.entries(samples())) expectSame(tensors[name], x)
    }
  })

  it('names the file and the place', async () => {
    const path = inFolder('short.safetensors')
    await writeFile(path, writeSafetensors({ a: tensor([1]) }).subarray(0, -1))
    const failing = loadSafetensors(path)
    await expect(failing).rejects.toThrow(ValueError)
    await expect(failing).rejects.toThrow(
      /^loadSafetensors: .*short\.safetensors: readSafetensors: tensor "a" ends at byte \d+, but/,
    )
    await writeFile(path, 'abc')
    await expect(loadSafetensors(path)).rejects.toThrow(/short.*byte 3: the file ends within/)
    const text = '{"a":{"dtype":"C64","shape":[0],"data_offsets":[0,0]}}'
    await writeFile(path, `${String.fromCharCode(text.length)}\0\0\0\0\0\0\0${text}`)
    await expect(loadSafetensors(path)).rejects.toThrow(DTypeError)
    await expect(loadSafetensors(path)).rejects.toThrow(/short.*tensor "a" has the dtype "C64"/)
  })

  it('names a file that is not there, and a folder', async () => {
    const failing = loadSafetensors(inFolder('absent'))
    await expect(failing).rejects.toThrow(ValueError)
    await expect(failing).rejects.toThrow(/loadSafetensors: can't read .*absent: ENOENT/)
    await expect(loadSafetensors(folder)).rejects.toThrow(ValueError)
  })
})

describe('openSafetensors', () => {
  it('reads tensor by tensor, in any order, also at the same time', async () => {
    const file = await openSafetensors(fixturePath('all.safetensors'))
    expect(file.names).toEqual(Object.keys(samples()))
    expect(file.metadata['format']).toBe('pt')
    expect(file.info('float16')).toMatchObject({ dtype: 'float16', shape: [2, 3] })
    const names = file.names.toReversed()
    const tensors = await Promise.all(names.map((name) => file.read(name)))
    for (const [i, name] of names.entries()) expectSame(tensors[i], samples()[name])
    await file.close()
  })

  it('reads no more than it is asked for', async () => {
    const path = inFolder('partly.safetensors')
    const state = { a: arange(10_000), b: arange(10_000) }
    await saveSafetensors(path, state)
    const file = await openSafetensors(path)
    // What lies past the first tensor is gone: reading it would show.
    await truncate(path, file.info('a').end)
    expectSame(await file.read('a'), state.a)
    const failing = file.read('b')
    await expect(failing).rejects.toThrow(ValueError)
    await expect(failing).rejects.toThrow(/tensor "b": .*partly.*: the file ends at byte 40\d+/)
    await file.close()
  })

  it('is closed by disposal, and tells reads that come later', async () => {
    const file = await openSafetensors(fixturePath('all.safetensors'))
    await file[Symbol.asyncDispose]()
    await expect(file.read('bool')).rejects.toThrow(/SafetensorsFile.read: .*can't read .*closed/s)
  })

  it('names the tensors there are', async () => {
    const file = await openSafetensors(fixturePath('model.safetensors'))
    expect(() => file.info('weight')).toThrow(ValueError)
    await expect(file.read('weight')).rejects.toThrow(
      /model\.safetensors: there is no tensor "weight" among 9: "0.weight", "0.bias", .*, …/,
    )
    await file.close()
  })
})

describe('saveSafetensors', () => {
  it('writes what writeSafetensors does', async () => {
    const path = inFolder('saved.safetensors')
    const metadata = { format: 'pt' }
    await saveSafetensors(path, samples(), { metadata })
    const bytes = new Uint8Array(await readFile(path))
    expect(bytes).toEqual(writeSafetensors(samples(), { metadata }))
    await saveSafetensors(pathToFileURL(path), {})
    expect(await loadSafetensors(path)).toEqual({})
  })

  it('names the file, and leaves it alone when it is given no tensor', async () => {
    const path = inFolder('kept.safetensors')
    await saveSafetensors(path, { a: tensor([1]) })
    const failing = saveSafetensors(path, { a: tensor([2]), b: 1 as never })
    await expect(failing).rejects.toThrow(ValueError)
    await expect(failing).rejects.toThrow(/kept\.safetensors: .*"b": expected a tensor, got number/)
    expect((await loadSafetensors(path))['a']!.toArray()).toEqual([1])
    const nowhere = saveSafetensors(inFolder('no/such/folder'), {})
    await expect(nowhere).rejects.toThrow(/^saveSafetensors: can't write .*folder: ENOENT/)
  })
})

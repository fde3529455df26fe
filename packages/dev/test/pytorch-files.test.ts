import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readSafetensors, writeSafetensors } from '@gradtape/data'
import { Dense, Sequential, Tanh } from '@gradtape/nn'
import { inRoot } from '../src/root.ts'

// A file that PyTorch wrote, read into modules of the same names; and one that it would read.

const read = (name: string): ReturnType<typeof readSafetensors> =>
  readSafetensors(readFileSync(inRoot(`packages/data/test/fixtures/read/${name}.safetensors`)))

test("a PyTorch model's layers load into modules, and what is saved has its names and bits", () => {
  const state = read('model')
  const first = new Dense(state['0.weight'].shape[1], state['0.weight'].shape[0], {
    dtype: 'float64',
  })
  const model = new Sequential(first, new Tanh())
  const own = { '0.weight': state['0.weight'], '0.bias': state['0.bias'] }
  expect(model.loadStateDict(own)).toEqual({ missingKeys: [], unexpectedKeys: [] })
  const { x } = read('model-run')
  const expected = x.matmul(state['0.weight'].T).add(state['0.bias']).tanh()
  expect(model.forward(x).data).toEqual(expected.data)
  const again = readSafetensors(writeSafetensors(model.stateDict()))
  expect(Object.keys(again)).toEqual(['0.weight', '0.bias'])
  expect(again['0.weight'].data).toEqual(state['0.weight'].data)
  expect(() => model.loadStateDict(state)).toThrow('1.running_mean')
})

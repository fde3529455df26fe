import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readSafetensors, readSafetensorsHeader } from '@gradtape/data'
import { figures, run } from './run-example.ts'

const lines = run('pytorch-model', '--short')
const [before] = figures(lines, 'accuracy as it came')
const [after] = figures(lines, 'accuracy after learning on')
const came = readFileSync(new URL('../data/digit-reader.safetensors', import.meta.url))
const went = readFileSync(new URL('../output/digit-reader.safetensors', import.meta.url))

test("computes PyTorch's logits, up to rounding", () => {
  expect(figures(lines, 'largest logit')[0]).toBeGreaterThan(10)
  expect(figures(lines, 'largest difference in float32')[0]).toBeLessThan(3e-5)
  expect(figures(lines, 'largest difference in float64')[0]).toBeLessThan(1e-12)
})

test('reads as many digits as in PyTorch, and more after learning on', () => {
  // The script that trained it read 342 of 360.
  expect(before).toBe(95)
  expect(after).toBeGreaterThanOrEqual(96.5)
})

test("goes back under the names, dtypes and shapes of PyTorch's file, in its order", () => {
  const [theirs, own] = [came, went].map((file) => readSafetensorsHeader(file))
  const told = ({ tensors }: typeof own) =>
    [...tensors].map(([name, { dtype, shape }]) => [name, dtype, shape])
  expect(told(own)).toHaveLength(23)
  expect(told(own)).toEqual(told(theirs))
  expect(own.metadata).toEqual({ format: 'pt' })
})

test('goes back with what it has learned', () => {
  const [theirs, own] = [came, went].map((file) => readSafetensors(file))
  const batches = 'stem.1.num_batches_tracked'
  expect(theirs[batches].item()).toBe(40 * 10)
  expect(own[batches].item()).toBe(40 * 10 + 3 * 23)
  const names = Object.keys(own).filter((name) => name !== batches)
  const moved = names.map((name) => own[name].sub(theirs[name]).abs().max().item())
  expect(Math.min(...moved)).toBeGreaterThan(0)
  expect(Math.max(...moved)).toBeLessThan(2)
})

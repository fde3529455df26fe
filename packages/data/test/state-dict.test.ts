import type { Tensor } from '@gradtape/core'
import { readSafetensors } from '@gradtape/data'
import { expect, it } from 'vitest'
import { fixture } from './fixtures/fixture.ts'

it("a PyTorch model's state dict, read from its file, computes what the model did", () => {
  const state = readSafetensors(fixture('model.safetensors'))
  const { x, y } = readSafetensors(fixture('model-run.safetensors'))
  const linear = (input: Tensor, layer: string): Tensor =>
    input.matmul(state[`${layer}.weight`]!.T).add(state[`${layer}.bias`]!)
  let out = linear(x!, '0')
  out = out.sub(state['1.running_mean']!).div(state['1.running_var']!.add(1e-5).sqrt())
  out = out.mul(state['1.weight']!).add(state['1.bias']!).tanh()
  out = linear(out, '3')
  expect(state['1.num_batches_tracked']!.dtype).toBe('int64')
  expect(state['1.num_batches_tracked']!.item()).toBe(3)
  expect(out.sub(y!).abs().amax().item()).toBeLessThan(1e-14)
})

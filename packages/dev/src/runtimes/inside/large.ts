// Gradients where tensors are large enough for kernels that small ones never meet.
import { expect, test } from 'vitest'
import { conv2d, manualSeed, maxPool2d, rand, randn, type Tensor } from '@gradtape/core'
import { gradcheck } from '@gradtape/testing'

const float64 = { dtype: 'float64' } as const
const MANY = 3000

const cases: Record<string, [f: (...inputs: Tensor[]) => Tensor, inputs: () => Tensor[]]> = {
  tanh: [(x) => x.tanh(), () => [randn([MANY], float64)]],
  'exp and log': [(x) => x.exp().add(1).log(), () => [randn([MANY], float64)]],
  sigmoid: [(x) => x.sigmoid(), () => [randn([MANY], float64)]],
  erf: [(x) => x.erf(), () => [randn([MANY], float64)]],
  'sin and cos': [(x) => x.sin().mul(x.cos()), () => [randn([MANY], float64)]],
  'a chain, with a row broadcast': [
    (x, row) => x.mul(row).add(0.5).square().sqrt(),
    () => [rand([60, 50], float64).add(0.5), rand([50], float64).add(0.5)],
  ],
  softmax: [(x) => x.softmax(1), () => [randn([30, 100], float64)]],
  logsumexp: [(x) => x.logsumexp(1), () => [randn([30, 100], float64)]],
  'mean and var': [(x) => x.mean(0).add(x.var(0)), () => [randn([60, 50], float64)]],
  sort: [(x) => x.sort(1).values.mul(x), () => [randn([40, 50], float64)]],
  'rows by index': [
    (x) => x.indexSelect(0, rand([50]).mul(60).to('int32')).square(),
    () => [randn([60, 50], float64)],
  ],
  matmul: [(a, b) => a.matmul(b), () => [randn([40, 50], float64), randn([50, 45], float64)]],
  conv2d: [
    (x, w) => conv2d(x, w, null, { padding: 1 }),
    () => [randn([2, 3, 14, 14], float64), randn([8, 3, 3, 3], float64)],
  ],
  maxPool2d: [(x) => maxPool2d(x, 2), () => [randn([2, 4, 16, 16], float64)]],
}

test.each(Object.entries(cases))('%s', (_name, [f, inputs]) => {
  manualSeed(5)
  const leaves = inputs().map((x) => x.requiresGrad_())
  // The same indices at each call.
  const seeded = (...args: Tensor[]): Tensor => {
    manualSeed(6)
    return f(...args)
  }
  expect(gradcheck(seeded, leaves)).toBe(true)
})

// A program that says nothing of shapes, as anyone would write it first. It compiles as it stands.
import {
  cat,
  gradients,
  manualSeed,
  matmul,
  noGrad,
  randn,
  slice,
  stack,
  tensor,
  valueAndGrad,
  where,
  zeros,
  type Tensor,
} from '@gradtape/core'

manualSeed(1)

function linear(x: Tensor, w: Tensor, b: Tensor): Tensor {
  return x.matmul(w).add(b)
}

function standardize(x: Tensor): Tensor {
  return x.sub(x.mean(0)).div(x.std(0).add(1e-8))
}

const layerSizes = [2, 8, 8, 1]
const parameters: Tensor[] = []
for (let i = 1; i < layerSizes.length; i++) {
  parameters.push(randn([layerSizes[i - 1], layerSizes[i]], { requiresGrad: true }))
  parameters.push(zeros([layerSizes[i]], { requiresGrad: true }))
}

function forward(x: Tensor): Tensor {
  let h = x
  for (let i = 0; i < parameters.length; i += 2) {
    h = linear(h, parameters[i], parameters[i + 1])
    if (i + 2 < parameters.length) h = where(h.gt(0), h, h.mul(0.1)).tanh()
  }
  return h.sigmoid()
}

const points = [[0, 0], [0, 1], [1, 0], [1, 1]] // prettier-ignore
const x = standardize(tensor(points))
const y = tensor(points.map(([p, q]) => [p ^ q]))

let best = Infinity
for (let step = 0; step < 3; step++) {
  const loss = forward(x).sub(y).square().mean()
  loss.backward()
  noGrad(() => {
    for (const p of parameters) {
      if (p.grad) p.sub_(p.grad.mul(0.1))
      p.grad = null
    }
  })
  best = Math.min(best, loss.item())
}

const outputs = [...x].map((row) => forward(row.unsqueeze(0)))
const all = cat(outputs, 0)
const both = stack([all, y.reshape([-1, 1])])
const total = both.at(0, slice(1)).sum().add(both.max(0).values.sum()).item()
const history: Record<string, Tensor> = { all, both }
const [first] = gradients(forward(x).sum(), parameters)
const [value, slope] = valueAndGrad((w: Tensor) => matmul(x, w).sum())(randn([2, 1]))
const rows = x.shape.map((size) => size * 2).reduce((p, q) => p + q)
const norms = Object.values(history).map((t) => t.norm().item())
const shuffled = x.indexSelect(0, tensor([3, 1, 0, 2], { dtype: 'int32' }))

/** What came out, for the test that runs this. */
export const results = { best, total, first, value, slope, rows, norms, shuffled }

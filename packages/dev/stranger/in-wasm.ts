// A network on core alone, large enough for its kernels in WebAssembly: type-checked, and bundled for a
// browser, where its size is measured.
import '@gradtape/core/wasm'
import { manualSeed, randn, zeros, type Tensor } from '@gradtape/core'

/** Trains for `steps` steps; the loss before each. */
export function train(steps: number): number[] {
  manualSeed(7)
  const x = randn([64, 32])
  const y = x
    .sin()
    .matmul(randn([32, 8]))
    .tanh()
  const parameters = [
    randn([32, 64]).mul(0.2).requiresGrad_(),
    zeros([64], { requiresGrad: true }),
    randn([64, 8]).mul(0.2).requiresGrad_(),
  ] as const
  const [hidden, bias, output] = parameters
  const losses: number[] = []
  for (let step = 0; step < steps; step++) {
    for (const parameter of parameters) parameter.grad = null
    const predicted: Tensor = x.matmul(hidden).add(bias).tanh().matmul(output)
    const loss = predicted.sub(y).square().mean()
    loss.backward()
    for (const parameter of parameters) parameter.detach().sub_(parameter.grad!.mul(0.3))
    losses.push(loss.item())
  }
  return losses
}

// What a user of the packed packages would write: a network that learns two moons. It is type-checked,
// run in plain Node, and bundled for a browser, where its size is measured.
import { manualSeed, rand, randn, stack, type Tensor } from '@gradtape/core'
import { Dense, Sequential, Tanh } from '@gradtape/nn'
import * as F from '@gradtape/nn/functional'
import { Adam } from '@gradtape/optim'

/** Trains for `steps` steps; the loss before each. */
export function train(steps: number): number[] {
  manualSeed(42)
  const [x, y] = moons(128)
  const model = new Sequential(new Dense(2, 16), new Tanh(), new Dense(16, 1))
  const optimizer = new Adam(model.parameters(), { lr: 0.05 })
  const losses: number[] = []
  for (let step = 0; step < steps; step++) {
    optimizer.zeroGrad()
    const loss = F.binaryCrossEntropyWithLogits(model.forward(x), y)
    loss.backward()
    optimizer.step()
    losses.push(loss.item())
  }
  return losses
}

function moons(n: number): [x: Tensor, y: Tensor] {
  const angle = rand([n]).mul(Math.PI)
  const y = rand([n]).gt(0.5).to('float32')
  const sign = y.mul(-2).add(1)
  const points = stack([angle.cos().mul(sign).add(y), angle.sin().mul(sign).add(y.div(2))], 1)
  return [points.add(randn([n, 2]).mul(0.1)), y.unsqueeze(1)]
}

import { rand, randn, sub, tensor, zeros, type Tensor } from '@gradtape/core'
import { SGD } from '@gradtape/optim'

/** A network that learns without an end. */
export interface Task {
  readonly name: string
  readonly steps: number
  /** Makes the network; each call of what it returns is one step. */
  readonly begin: () => () => void
}

/** Two hidden sigmoids that learn XOR; columns are examples. */
export const xor: Task = {
  name: 'XOR',
  steps: 1_000_000,
  begin() {
    const x = tensor([
      [0, 0, 1, 1],
      [0, 1, 0, 1],
    ])
    const y = tensor([[0, 1, 1, 0]])
    const w1 = tensor(
      [
        [0.44, 0.03],
        [0.55, 0.44],
      ],
      { requiresGrad: true },
    )
    const w2 = tensor([[0.42, 0.33]], { requiresGrad: true })
    const optimizer = new SGD([w1, w2], { lr: 0.9 })
    return () => {
      const out = w2.matmul(w1.matmul(x).sigmoid()).sigmoid()
      const likelihood = y.mul(out.log()).add(sub(1, y).mul(sub(1, out).log()))
      optimizer.zeroGrad()
      likelihood.mean().neg().backward()
      optimizer.step()
    }
  },
}

const sizes = [784, 512, 512, 10] as const
const BATCH = 128

/** 784-512-512-10 with ReLU, at batch 128, in float32. */
export const mlp: Task = {
  name: 'MLP',
  steps: 2000,
  begin() {
    const layers = sizes.slice(1).map((n, k) => {
      const bound = 1 / Math.sqrt(sizes[k]!)
      const weight = rand([sizes[k]!, n])
        .mul(2 * bound)
        .sub(bound)
      return [weight.requiresGrad_(), zeros([n], { requiresGrad: true })] as const
    })
    const x = randn([BATCH, sizes[0]])
    const classes = tensor(
      Array.from({ length: BATCH }, (_, i) => [i % sizes.at(-1)!]),
      { dtype: 'int32' },
    )
    const optimizer = new SGD(layers.flat() as Tensor[], { lr: 0.01 })
    return () => {
      let h: Tensor = x
      layers.forEach(([weight, bias], k) => {
        const y = h.matmul(weight).add(bias) as Tensor
        h = k === layers.length - 1 ? y : y.relu()
      })
      optimizer.zeroGrad()
      h.logSoftmax(-1).gather(1, classes).mean().neg().backward()
      optimizer.step()
    }
  },
}

import { arange, noGrad, type Tensor } from '@gradtape/core'
import { Dense, functional as F, ReLU, Sequential, type Module } from '@gradtape/nn'
import * as optim from '@gradtape/optim'
import { spread } from './spread.ts'
import type { Training } from './training.ts'

export interface NetworkSettings {
  readonly sizes: readonly number[]
  readonly batch: number
  readonly optimizer: 'SGD' | 'Adam'
  readonly lr: number
}

/** A dense network with ReLU in float32 that learns one batch over and over. */
export class Network implements Training {
  readonly #model: Sequential<Module[]>
  readonly #optimizer: optim.SGD | optim.Adam
  readonly #x: Tensor
  readonly #labels: Tensor

  constructor({ sizes, batch, optimizer, lr }: NetworkSettings) {
    const layers: Module[] = []
    sizes.slice(1).forEach((outputs, i) => {
      const layer = new Dense(sizes[i], outputs)
      noGrad(() => {
        const weight = spread([outputs, sizes[i]], layers.length)
        layer.weight.copy_(weight.mul(1 / Math.sqrt(sizes[i])))
        layer.bias!.zero_()
      })
      layers.push(layer, new ReLU())
    })
    this.#model = new Sequential<Module[]>(...layers.slice(0, -1))
    this.#optimizer = new optim[optimizer](this.#model.parameters(), { lr })
    this.#x = spread([batch, sizes[0]], 0.5)
    this.#labels = arange(batch, { dtype: 'int32' }).remainder(sizes.at(-1)!)
  }

  step(): number {
    this.#optimizer.zeroGrad()
    const loss = F.crossEntropy(this.#model.forward(this.#x), this.#labels)
    loss.backward()
    this.#optimizer.step()
    return loss.item()
  }
}

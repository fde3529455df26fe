import type { NetworkSettings } from './network.ts'

/** Large enough for its matrix products to take most of the time. */
export const mlp: NetworkSettings = {
  sizes: [784, 512, 512, 10],
  batch: 128,
  optimizer: 'SGD',
  lr: 0.01,
}

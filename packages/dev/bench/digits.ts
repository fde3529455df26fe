import type { NetworkSettings } from './network.ts'

/** The network that reads handwritten digits in the examples, without its dropout. */
export const digits: NetworkSettings = {
  sizes: [64, 256, 10],
  batch: 32,
  optimizer: 'Adam',
  lr: 3e-3,
}

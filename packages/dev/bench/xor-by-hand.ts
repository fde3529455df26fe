import type { Training } from './training.ts'

/** The XOR network of 2-2-1 sigmoids, forward, backward and update written out over typed arrays. */
export class XorByHand implements Training {
  readonly w1: Float64Array
  readonly w2: Float64Array
  private readonly hidden = new Float64Array(8)
  private readonly g1 = new Float64Array(4)
  private readonly g2 = new Float64Array(2)
  private readonly x: Float64Array
  private readonly y: Float64Array
  private readonly lr: number

  constructor(start: XorStart) {
    this.x = Float64Array.from(start.x.flat())
    this.y = Float64Array.from(start.y.flat())
    this.w1 = Float64Array.from(start.w1.flat())
    this.w2 = Float64Array.from(start.w2.flat())
    this.lr = start.lr
  }

  /** One step over the four examples; returns the mean cross-entropy before it. */
  step(): number {
    const { x, y, w1, w2, hidden, g1, g2, lr } = this
    g1.fill(0)
    g2.fill(0)
    let loss = 0
    for (let example = 0; example < 4; example++) {
      for (let unit = 0; unit < 2; unit++) {
        const z = w1[2 * unit]! * x[example]! + w1[2 * unit + 1]! * x[4 + example]!
        hidden[4 * unit + example] = 1 / (1 + Math.exp(-z))
      }
      const z = w2[0]! * hidden[example]! + w2[1]! * hidden[4 + example]!
      const out = 1 / (1 + Math.exp(-z))
      const target = y[example]!
      loss -= target * Math.log(out) + (1 - target) * Math.log(1 - out)
      const atOutput = (out - target) / 4
      for (let unit = 0; unit < 2; unit++) {
        const h = hidden[4 * unit + example]!
        const atHidden = atOutput * w2[unit]! * h * (1 - h)
        g2[unit]! += atOutput * h
        g1[2 * unit]! += atHidden * x[example]!
        g1[2 * unit + 1]! += atHidden * x[4 + example]!
      }
    }
    for (let i = 0; i < 4; i++) w1[i]! -= lr * g1[i]!
    for (let i = 0; i < 2; i++) w2[i]! -= lr * g2[i]!
    return loss / 4
  }
}

export interface XorStart {
  readonly x: number[][]
  readonly y: number[][]
  readonly w1: number[][]
  readonly w2: number[][]
  readonly lr: number
}

/** Columns are examples; the weights are any that don't sit on a symmetry. */
export const xorStart: XorStart = {
  x: [
    [0, 0, 1, 1],
    [0, 1, 0, 1],
  ],
  y: [[0, 1, 1, 0]],
  w1: [
    [0.44, 0.03],
    [0.55, 0.44],
  ],
  w2: [[0.42, 0.33]],
  lr: 0.9,
}

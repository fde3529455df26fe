import { training, type Task } from '../task.ts'
import type { XorSettings } from './xor.ts'

/** Forward, backward and update of the XOR network, written out over typed arrays. */
export function xorByHand(start: XorSettings): Task {
  const x = Float64Array.from(start.x.flat())
  const y = Float64Array.from(start.y.flat())
  const w1 = Float64Array.from(start.w1.flat())
  const w2 = Float64Array.from(start.w2.flat())
  const { lr } = start
  const hidden = new Float64Array(8)
  const g1 = new Float64Array(4)
  const g2 = new Float64Array(2)

  return training(() => {
    g1.fill(0)
    g2.fill(0)
    let loss = 0
    for (let example = 0; example < 4; example++) {
      for (let unit = 0; unit < 2; unit++) {
        const z = w1[2 * unit] * x[example] + w1[2 * unit + 1] * x[4 + example]
        hidden[4 * unit + example] = 1 / (1 + Math.exp(-z))
      }
      const z = w2[0] * hidden[example] + w2[1] * hidden[4 + example]
      const out = 1 / (1 + Math.exp(-z))
      const target = y[example]
      loss -= target * Math.log(out) + (1 - target) * Math.log(1 - out)
      const atOutput = (out - target) / 4
      for (let unit = 0; unit < 2; unit++) {
        const h = hidden[4 * unit + example]
        const atHidden = atOutput * w2[unit] * h * (1 - h)
        g2[unit] += atOutput * h
        g1[2 * unit] += atHidden * x[example]
        g1[2 * unit + 1] += atHidden * x[4 + example]
      }
    }
    for (let i = 0; i < 4; i++) w1[i] -= lr * g1[i]
    for (let i = 0; i < 2; i++) w2[i] -= lr * g2[i]
    return loss / 4
  })
}

import { training, type Task } from '../task.ts'
import type { MoonsSettings } from './moons.ts'

const UNITS = 4

/** Forward, backward and update of the moons network, written out over typed arrays. */
export function moonsByHand(start: MoonsSettings): Task {
  const batch = start.x.length
  const x = Float64Array.from(start.x.flat())
  const y = Float64Array.from(start.y.flat())
  const w1 = Float64Array.from(start.w1.flat())
  const b1 = Float64Array.from(start.b1.flat())
  const w2 = Float64Array.from(start.w2.flat())
  const b2 = Float64Array.from(start.b2.flat())
  const { lr } = start
  const hidden = new Float64Array(UNITS)
  const gw1 = new Float64Array(2 * UNITS)
  const gb1 = new Float64Array(UNITS)
  const gw2 = new Float64Array(UNITS)

  return training(() => {
    gw1.fill(0)
    gb1.fill(0)
    gw2.fill(0)
    let gb2 = 0
    let loss = 0
    for (let example = 0; example < batch; example++) {
      const x0 = x[2 * example]
      const x1 = x[2 * example + 1]
      let logit = b2[0]
      for (let unit = 0; unit < UNITS; unit++) {
        hidden[unit] = Math.tanh(w1[2 * unit] * x0 + w1[2 * unit + 1] * x1 + b1[unit])
        logit += w2[unit] * hidden[unit]
      }
      const target = y[example]
      const e = Math.exp(-Math.abs(logit))
      loss += Math.max(logit, 0) - logit * target + Math.log1p(e)
      const atLogit = ((logit >= 0 ? 1 / (1 + e) : e / (1 + e)) - target) / batch
      gb2 += atLogit
      for (let unit = 0; unit < UNITS; unit++) {
        const h = hidden[unit]
        const atHidden = atLogit * w2[unit] * (1 - h * h)
        gw2[unit] += atLogit * h
        gb1[unit] += atHidden
        gw1[2 * unit] += atHidden * x0
        gw1[2 * unit + 1] += atHidden * x1
      }
    }
    for (let i = 0; i < 2 * UNITS; i++) w1[i] -= lr * gw1[i]
    for (let i = 0; i < UNITS; i++) {
      b1[i] -= lr * gb1[i]
      w2[i] -= lr * gw2[i]
    }
    b2[0] -= lr * gb2
    return loss / batch
  })
}

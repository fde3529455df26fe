import { jaxTraining } from '../jax-training.ts'
import { rows } from '../spread.ts'
import { training } from '../task.ts'
import { workload } from '../workload.ts'
import { moonsByHand } from './moons-by-hand.ts'

const BATCH = 32

/** Two half circles that reach into each other, in turn a point of one and of the other. */
const points = Array.from({ length: BATCH }, (_, i) => {
  const angle = (Math.PI * (i >> 1)) / (BATCH / 2 - 1)
  const [x, y] = [Math.cos(angle), Math.sin(angle)]
  return i % 2 === 0 ? [x, y] : [1 - x, 0.5 - y]
})

const settings = {
  x: points,
  y: points.map((_, i) => [i % 2]),
  w1: [
    [0.5, -0.3],
    [0.2, 0.6],
    [-0.4, 0.1],
    [0.3, 0.7],
  ],
  b1: [[0.1, -0.1, 0.05, 0]],
  w2: [[0.4, -0.6, 0.3, 0.5]],
  b2: [[0]],
  lr: 0.1,
}

export type MoonsSettings = typeof settings

export const moons = workload<MoonsSettings>({
  name: 'moons',
  title: 'Moons step: 2-4-1 tanh, batch 32, cross-entropy of logits, SGD, float64',
  cases: [{ label: 'step', settings }],
  check: { steps: 1000, tolerance: 1e-9, float32Tolerance: 1e-3 },
  torch: 'moons',

  byHand: moonsByHand,

  gradtape({ nn: { functional: F }, optim, array, parameter }, start) {
    const [x, y] = [array(rows(start.x)), array(rows(start.y))]
    const [w1, b1] = [parameter(rows(start.w1)), parameter(rows(start.b1))]
    const [w2, b2] = [parameter(rows(start.w2)), parameter(rows(start.b2))]
    const optimizer = new optim.SGD([w1, b1, w2, b2], { lr: start.lr })
    return training(() => {
      const hidden = x.matmul(w1.mT).add(b1).tanh()
      const logits = hidden.matmul(w2.mT).add(b2)
      const loss = F.binaryCrossEntropyWithLogits(logits, y)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      return loss.item()
    })
  },

  tfjs({ tf, array, variable, minimize }, start) {
    const [x, y] = [array(rows(start.x)), array(rows(start.y))]
    const [w1, b1] = [variable(rows(start.w1)), variable(rows(start.b1))]
    const [w2, b2] = [variable(rows(start.w2)), variable(rows(start.b2))]
    const loss = () => {
      const hidden = tf.tanh(tf.add(tf.matMul(x, w1, false, true), b1))
      const logits = tf.add(tf.matMul(hidden, w2, false, true), b2)
      return tf.losses.sigmoidCrossEntropy(y, logits)
    }
    return minimize(tf.train.sgd(start.lr), loss, [w1, b1, w2, b2])
  },

  jax(library, start) {
    const { jax, array } = library
    const { numpy: np, nn } = jax
    const [x, y] = [array(rows(start.x)), array(rows(start.y))]
    const weights = [start.w1, start.b1, start.w2, start.b2].map((lists) => array(rows(lists)))
    const lossOf = ([w1, b1, w2, b2]: typeof weights) => {
      const hidden = np.tanh(np.matmul(x.ref, w1.transpose()).add(b1))
      const logits = np.matmul(hidden, w2.transpose()).add(b2)
      return nn.softplus(logits.ref).sub(logits.mul(y.ref)).mean()
    }
    return jaxTraining(library, weights, lossOf, 'SGD', start.lr)
  },
})

import { jaxTraining } from '../jax-training.ts'
import { rows } from '../spread.ts'
import { training } from '../task.ts'
import { workload } from '../workload.ts'
import { xorByHand } from './xor-by-hand.ts'

/** Columns are examples; the weights are any that don't sit on a symmetry. */
const settings = {
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

export type XorSettings = typeof settings

/** The cross-entropy is written out, as a first program would. */
export const xor = workload<XorSettings>({
  name: 'xor',
  title: 'XOR step: 2-2-1 sigmoids, four examples, SGD, float64',
  cases: [{ label: 'step', settings }],
  check: { steps: 1000, tolerance: 1e-9, float32Tolerance: 1e-3 },
  torch: 'xor',

  byHand: xorByHand,

  gradtape({ core: { sub }, optim, array, parameter }, start) {
    const [x, y] = [array(rows(start.x)), array(rows(start.y))]
    const [w1, w2] = [parameter(rows(start.w1)), parameter(rows(start.w2))]
    const optimizer = new optim.SGD([w1, w2], { lr: start.lr })
    return training(() => {
      const out = w2.matmul(w1.matmul(x).sigmoid()).sigmoid()
      const likelihood = y.mul(out.log()).add(sub(1, y).mul(sub(1, out).log()))
      const loss = likelihood.mean().neg()
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      return loss.item()
    })
  },

  tfjs({ tf, array, variable, minimize }, start) {
    const [x, y] = [array(rows(start.x)), array(rows(start.y))]
    const [w1, w2] = [variable(rows(start.w1)), variable(rows(start.w2))]
    const loss = () => {
      const out = tf.sigmoid(tf.matMul(w2, tf.sigmoid(tf.matMul(w1, x))))
      const likelihood = tf.add(
        tf.mul(y, tf.log(out)),
        tf.mul(tf.sub(1, y), tf.log(tf.sub(1, out))),
      )
      return tf.neg(tf.mean(likelihood))
    }
    return minimize(tf.train.sgd(start.lr), loss, [w1, w2])
  },

  jax(library, start) {
    const { jax, array } = library
    const { numpy: np, nn } = jax
    const [x, y] = [array(rows(start.x)), array(rows(start.y))]
    const weights = [array(rows(start.w1)), array(rows(start.w2))]
    const lossOf = ([w1, w2]: typeof weights) => {
      const out = nn.sigmoid(np.matmul(w2, nn.sigmoid(np.matmul(w1, x.ref))))
      const no = np.subtract(1, y.ref).mul(np.log(np.subtract(1, out.ref)))
      return y.ref.mul(np.log(out)).add(no).mean().neg()
    }
    return jaxTraining(library, weights, lossOf, 'SGD', start.lr)
  },
})

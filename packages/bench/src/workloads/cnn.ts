import type * as Jax from '@jax-js/jax'
import { jaxTraining } from '../jax-training.ts'
import { spread, zeros, type Spread } from '../spread.ts'
import { training } from '../task.ts'
import { workload } from '../workload.ts'

const settings = { batch: 64, lr: 1e-3 }

/** Filters as [out, in, height, width] and matrices as [out, in], each with its bias. */
const shapes = [
  [6, 1, 5, 5],
  [16, 6, 5, 5],
  [120, 400],
  [84, 120],
  [10, 84],
]

function start(): Spread[] {
  return shapes.flatMap((shape, layer) => {
    const inputs = shape.slice(1).reduce((a, b) => a * b)
    return [spread(shape, layer + 1, { scale: 1 / Math.sqrt(inputs) }), zeros([shape[0]])]
  })
}

const imagesOf = (batch: number): Spread => spread([batch, 1, 28, 28], 0)

const labelsOf = (batch: number): number[] => Array.from({ length: batch }, (_, i) => i % 10)

/** Two convolutions of 5 × 5, each with ReLU and the largest of 2 × 2, then three layers. */
export const cnn = workload<typeof settings>({
  name: 'cnn',
  title: 'CNN step: LeNet-like, 28 × 28, batch 64, Adam, float32',
  cases: [{ label: 'step', settings }],
  check: { steps: 3, tolerance: 1e-4 },
  torch: 'cnn',

  gradtape({ core, nn, optim, array, parameter }, { batch, lr }) {
    const { conv2d, maxPool2d, tensor } = core
    const { linear, crossEntropy } = nn.functional
    const x = array(imagesOf(batch))
    const labels = tensor(labelsOf(batch), { dtype: 'int32' })
    const parameters = start().map(parameter)
    const [w1, b1, w2, b2, w3, b3, w4, b4, w5, b5] = parameters
    const optimizer = new optim.Adam(parameters, { lr })
    return training(() => {
      const first = maxPool2d(conv2d(x, w1, b1, { padding: 2 }).relu(), 2)
      const second = maxPool2d(conv2d(first, w2, b2).relu(), 2)
      const third = linear(second.flatten(1), w3, b3).relu()
      const loss = crossEntropy(linear(linear(third, w4, b4).relu(), w5, b5), labels)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      return loss.item()
    })
  },

  tfjs({ tf, array, minimize }, { batch, lr }) {
    // Channels come last, in filters the outputs.
    const x = tf.transpose(array(imagesOf(batch)), [0, 2, 3, 1]) as ReturnType<typeof tf.tensor4d>
    const labels = tf.oneHot(labelsOf(batch), 10)
    const parameters = start().map((of) => {
      const value = array(of)
      return tf.variable(of.shape.length === 4 ? tf.transpose(value, [2, 3, 1, 0]) : value)
    })
    const [w1, b1, w2, b2, w3, b3, w4, b4, w5, b5] = parameters as any[]
    const loss = () => {
      const one = tf.relu(tf.add(tf.conv2d(x, w1, 1, 'same'), b1)) as typeof x
      const two = tf.relu(tf.add(tf.conv2d(tf.maxPool(one, 2, 2, 'valid'), w2, 1, 'valid'), b2))
      const pooled = tf.maxPool(two as typeof x, 2, 2, 'valid')
      const flat = tf.reshape(tf.transpose(pooled, [0, 3, 1, 2]), [batch, 400])
      const third = tf.relu(tf.add(tf.matMul(flat, w3, false, true), b3))
      const fourth = tf.relu(tf.add(tf.matMul(third, w4, false, true), b4))
      return tf.losses.softmaxCrossEntropy(labels, tf.add(tf.matMul(fourth, w5, false, true), b5))
    }
    return minimize(tf.train.adam(lr, 0.9, 0.999, 1e-8), loss, parameters)
  },

  jax(library, { batch, lr }) {
    const { jax, array } = library
    const { lax, nn, numpy: np } = jax
    const x = array(imagesOf(batch))
    const labels = nn.oneHot(np.array(labelsOf(batch), { dtype: np.int32 }), 10)
    const linear = (h: Jax.Array, w: Jax.Array, b: Jax.Array) => np.matmul(h, w.transpose()).add(b)
    const pool = (h: Jax.Array): Jax.Array => {
      const [n, channels, height, width] = h.shape
      return h.reshape([n, channels, height / 2, 2, width / 2, 2]).max([3, 5])
    }
    const conv = (h: Jax.Array, w: Jax.Array, b: Jax.Array, padding: 'SAME' | 'VALID') =>
      nn.relu(lax.convGeneralDilated(h, w, [1, 1], padding).add(b.reshape([-1, 1, 1])))
    const lossOf = ([w1, b1, w2, b2, w3, b3, w4, b4, w5, b5]: Jax.Array[]) => {
      const first = pool(conv(x.ref, w1, b1, 'SAME'))
      const second = pool(conv(first, w2, b2, 'VALID'))
      const third = nn.relu(linear(second.reshape([batch, 400]), w3, b3))
      const logits = linear(nn.relu(linear(third, w4, b4)), w5, b5)
      return nn
        .logSoftmax(logits)
        .mul(labels.ref)
        .sum()
        .mul(-1 / batch)
    }
    return jaxTraining(library, start().map(array), lossOf, 'Adam', lr)
  },
})

import type * as Core from '@gradtape/core'
import type * as Jax from '@jax-js/jax'
import type * as TF from '@tensorflow/tfjs'
import { jaxTraining } from '../jax-training.ts'
import { spread, zeros, type Spread } from '../spread.ts'
import { training } from '../task.ts'
import { workload } from '../workload.ts'

const settings = { width: 128, heads: 4, tokens: 64, batch: 16, lr: 0.1 }

type Settings = typeof settings

const EPSILON = 1e-5

/** Scale and shift of both norms; weights and biases of the projections and of the two layers. */
function start({ width }: Settings): Spread[] {
  const ones: Spread = { values: new Float32Array(width).fill(1), shape: [width] }
  const layer = (outputs: number, inputs: number, seed: number): Spread[] => [
    spread([outputs, inputs], seed, { scale: 1 / Math.sqrt(inputs) }),
    zeros([outputs]),
  ]
  return [
    ones,
    zeros([width]),
    ...layer(3 * width, width, 1),
    ...layer(width, width, 2),
    ones,
    zeros([width]),
    ...layer(4 * width, width, 3),
    ...layer(width, 4 * width, 4),
  ]
}

const inputOf = ({ batch, tokens, width }: Settings): Spread => spread([batch, tokens, width], 0)

const targetOf = ({ batch, tokens, width }: Settings): Spread => spread([batch, tokens, width], 5)

/** Norms come first; attention is written out; GELU by erf; the loss is a mean square. */
export const transformer = workload<Settings>({
  name: 'transformer',
  title: 'Transformer block step: width 128, 4 heads, 64 tokens, batch 16, SGD, float32',
  cases: [{ label: 'step', settings }],
  check: { steps: 3, tolerance: 1e-4 },
  torch: 'transformer',

  gradtape({ nn, optim, array, parameter }, of) {
    const { width, heads, tokens, batch, lr } = of
    const { layerNorm, linear, mseLoss } = nn.functional
    const [x, target] = [array(inputOf(of)), array(targetOf(of))]
    const parameters = start(of).map(parameter)
    const [g1, s1, wIn, bIn, wOut, bOut, g2, s2, w1, b1, w2, b2] = parameters
    const optimizer = new optim.SGD(parameters, { lr })
    const norm = (h: Core.Tensor, scale: Core.Tensor, shift: Core.Tensor): Core.Tensor =>
      layerNorm(h, width, scale, shift, { eps: EPSILON })
    const attend = (h: Core.Tensor): Core.Tensor => {
      const parts = linear(h, wIn, bIn).reshape([batch, tokens, 3, heads, width / heads])
      const [q, k, v] = parts.permute([2, 0, 3, 1, 4]).unbind(0)
      const weights = q
        .matmul(k.mT)
        .div(Math.sqrt(width / heads))
        .softmax(-1)
      return linear(weights.matmul(v).transpose(1, 2).reshape([batch, tokens, width]), wOut, bOut)
    }
    return training(() => {
      const h = x.add(attend(norm(x, g1, s1)))
      const out = h.add(linear(linear(norm(h, g2, s2), w1, b1).gelu(), w2, b2))
      const loss = mseLoss(out, target)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      return loss.item()
    })
  },

  tfjs({ tf, array, variable, minimize }, of) {
    const { width, heads, tokens, batch, lr } = of
    const [x, target] = [array(inputOf(of)), array(targetOf(of))]
    const parameters = start(of).map((one) => variable(one))
    const [g1, s1, wIn, bIn, wOut, bOut, g2, s2, w1, b1, w2, b2] = parameters
    const linear = (h: TF.Tensor, w: TF.Tensor, b: TF.Tensor): TF.Tensor => {
      const flat = tf.reshape(h, [batch * tokens, -1])
      return tf.reshape(tf.add(tf.matMul(flat, w, false, true), b), [batch, tokens, -1])
    }
    const norm = (h: TF.Tensor, scale: TF.Tensor, shift: TF.Tensor): TF.Tensor => {
      const { mean, variance } = tf.moments(h, -1, true)
      const normal = tf.mul(tf.sub(h, mean), tf.rsqrt(tf.add(variance, EPSILON)))
      return tf.add(tf.mul(normal, scale), shift)
    }
    const gelu = (h: TF.Tensor): TF.Tensor =>
      tf.mul(tf.mul(h, 0.5), tf.add(tf.erf(tf.mul(h, Math.SQRT1_2)), 1))
    const attend = (h: TF.Tensor): TF.Tensor => {
      const parts = tf.reshape(linear(h, wIn, bIn), [batch, tokens, 3, heads, width / heads])
      const [q, k, v] = tf.unstack(tf.transpose(parts, [2, 0, 3, 1, 4]), 0)
      const weights = tf.softmax(tf.div(tf.matMul(q, k, false, true), Math.sqrt(width / heads)), -1)
      const joined = tf.transpose(tf.matMul(weights, v), [0, 2, 1, 3])
      return linear(tf.reshape(joined, [batch, tokens, width]), wOut, bOut)
    }
    const loss = () => {
      const h = tf.add(x, attend(norm(x, g1, s1)))
      const out = tf.add(h, linear(gelu(linear(norm(h, g2, s2), w1, b1)), w2, b2))
      return tf.losses.meanSquaredError(target, out)
    }
    return minimize(tf.train.sgd(lr), loss, parameters)
  },

  jax(library, of) {
    const { jax, array } = library
    const { numpy: np, nn } = jax
    const { width, heads, tokens, batch, lr } = of
    const [x, target] = [array(inputOf(of)), array(targetOf(of))]
    const linear = (h: Jax.Array, w: Jax.Array, b: Jax.Array) => np.matmul(h, w.transpose()).add(b)
    const norm = (h: Jax.Array, scale: Jax.Array, shift: Jax.Array): Jax.Array => {
      const centred = h.ref.sub(h.mean(-1, { keepdims: true }))
      const variance = np.square(centred.ref).mean(-1, { keepdims: true })
      return centred
        .div(np.sqrt(variance.add(EPSILON)))
        .mul(scale)
        .add(shift)
    }
    const lossOf = ([g1, s1, wIn, bIn, wOut, bOut, g2, s2, w1, b1, w2, b2]: Jax.Array[]) => {
      const mixed = linear(norm(x.ref, g1, s1), wIn, bIn)
      const parts = mixed.reshape([batch, tokens, 3, heads, width / heads])
      const [q, k, v] = np.unstack(parts.transpose([2, 0, 3, 1, 4]), 0)
      const scores = np.matmul(q, k.transpose([0, 1, 3, 2])).div(Math.sqrt(width / heads))
      const seen = np.matmul(nn.softmax(scores, -1), v).transpose([0, 2, 1, 3])
      const h = x.ref.add(linear(seen.reshape([batch, tokens, width]), wOut, bOut))
      const hidden = nn.gelu(linear(norm(h.ref, g2, s2), w1, b1), { approximate: false })
      return np.square(h.add(linear(hidden, w2, b2)).sub(target.ref)).mean()
    }
    return jaxTraining(library, start(of).map(array), lossOf, 'SGD', lr)
  },
})

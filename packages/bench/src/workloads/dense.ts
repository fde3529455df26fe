import type * as Jax from '@jax-js/jax'
import { jaxTraining } from '../jax-training.ts'
import { spread, zeros, type Spread } from '../spread.ts'
import { training } from '../task.ts'
import { workload, type Case, type Workload } from '../workload.ts'

export interface DenseSettings {
  readonly sizes: readonly number[]
  readonly batch: number
  readonly optimizer: 'SGD' | 'Adam'
  readonly lr: number
}

/** Weight and bias of each layer in turn. */
function start(sizes: readonly number[]): Spread[] {
  return sizes.slice(1).flatMap((outputs, layer) => {
    const inputs = sizes[layer]
    const scale = 1 / Math.sqrt(inputs)
    return [spread([outputs, inputs], layer + 1, { scale }), zeros([outputs])]
  })
}

const labelsOf = (batch: number, classes: number): number[] =>
  Array.from({ length: batch }, (_, i) => i % classes)

/** Layers with ReLU between them, in float32, that learn one batch over and over. */
function dense(
  name: string,
  title: string,
  cases: readonly Case<DenseSettings>[],
): Workload<DenseSettings> {
  return workload<DenseSettings>({
    name,
    title,
    cases,
    check: { steps: 5, tolerance: 1e-4 },
    torch: 'dense',

    gradtape({ core, nn, optim, array, parameter }, { sizes, batch, optimizer: kind, lr }) {
      const x = array(spread([batch, sizes[0]], 0))
      const labels = core.tensor(labelsOf(batch, sizes.at(-1)!), { dtype: 'int32' })
      const parameters = start(sizes).map(parameter)
      const optimizer = new optim[kind](parameters, { lr })
      return training(() => {
        let h = x
        for (let i = 0; i < parameters.length; i += 2) {
          h = nn.functional.linear(i === 0 ? h : h.relu(), parameters[i], parameters[i + 1])
        }
        const loss = nn.functional.crossEntropy(h, labels)
        optimizer.zeroGrad()
        loss.backward()
        optimizer.step()
        return loss.item()
      })
    },

    tfjs({ tf, array, variable, minimize }, { sizes, batch, optimizer: kind, lr }) {
      const x = array(spread([batch, sizes[0]], 0))
      const labels = tf.oneHot(labelsOf(batch, sizes.at(-1)!), sizes.at(-1)!)
      const parameters = start(sizes).map((of) => variable(of))
      const loss = () => {
        let h: ReturnType<typeof tf.tensor> = x
        for (let i = 0; i < parameters.length; i += 2) {
          const into = i === 0 ? h : tf.relu(h)
          h = tf.add(tf.matMul(into, parameters[i], false, true), parameters[i + 1])
        }
        return tf.losses.softmaxCrossEntropy(labels, h)
      }
      const optimizer = kind === 'SGD' ? tf.train.sgd(lr) : tf.train.adam(lr, 0.9, 0.999, 1e-8)
      return minimize(optimizer, loss, parameters)
    },

    jax(library, { sizes, batch, optimizer, lr }) {
      const { jax, array } = library
      const { numpy: np, nn } = jax
      const x = array(spread([batch, sizes[0]], 0))
      const classes = sizes.at(-1)!
      const labels = nn.oneHot(np.array(labelsOf(batch, classes), { dtype: np.int32 }), classes)
      const lossOf = (parameters: Jax.Array[]) => {
        let h = x.ref
        for (let i = 0; i < parameters.length; i += 2) {
          const into = i === 0 ? h : nn.relu(h)
          h = np.matmul(into, parameters[i].transpose()).add(parameters[i + 1])
        }
        return nn
          .logSoftmax(h)
          .mul(labels.ref)
          .sum()
          .mul(-1 / batch)
      }
      return jaxTraining(library, start(sizes).map(array), lossOf, optimizer, lr)
    },
  })
}

const large = { sizes: [784, 512, 512, 10], batch: 128 } as const

export const mlp = dense('mlp', 'MLP step: 784-512-512-10, batch 128, SGD, float32', [
  { label: 'step', settings: { ...large, optimizer: 'SGD', lr: 0.01 } },
])

export const mlpAdam = dense('mlp-adam', 'MLP step: 784-512-512-10, batch 128, Adam, float32', [
  { label: 'step', settings: { ...large, optimizer: 'Adam', lr: 1e-3 } },
])

/** The network that reads handwritten digits in the examples, without its dropout. */
export const digits = dense('digits', 'Digits step: 64-256-10, batch 32, Adam, float32', [
  { label: 'step', settings: { sizes: [64, 256, 10], batch: 32, optimizer: 'Adam', lr: 3e-3 } },
])

function growth(what: string, values: readonly number[], of: (n: number) => [number[], number]) {
  const title = `Growth with ${what}: a step of a network, SGD, float32`
  const cases = values.map((n): Case<DenseSettings> => {
    const [sizes, batch] = of(n)
    const settings = { sizes, batch, optimizer: 'SGD', lr: 0.01 } as const
    return { label: `${what} ${n}`, settings, line: what, at: n }
  })
  return dense(`growth-${what}`, title, cases)
}

export const growthWidth = growth('width', [4, 16, 64, 256, 1024], (n) => [[n, n, n, 10], 64])
export const growthBatch = growth('batch', [1, 8, 64, 512], (n) => [[64, 128, 128, 10], n])
export const growthDepth = growth('depth', [1, 4, 16, 64], (n) => [
  [...Array<number>(n).fill(64), 10],
  32,
])

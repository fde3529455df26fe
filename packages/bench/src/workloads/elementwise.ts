import type * as Core from '@gradtape/core'
import type * as Jax from '@jax-js/jax'
import type * as TF from '@tensorflow/tfjs'
import { spread } from '../spread.ts'
import { workload, type Case } from '../workload.ts'

/** An operation of two tensors of one shape in each library; most look at the first only. */
interface Operation {
  gradtape(x: Core.Tensor, y: Core.Tensor, core: typeof Core): Core.Tensor
  tfjs(tf: typeof TF, x: TF.Tensor, y: TF.Tensor): TF.Tensor
  /** Owns neither, as `x.ref` shows. */
  jax(jax: typeof Jax, x: Jax.Array, y: Jax.Array): Jax.Array
}

const operations = {
  add: {
    gradtape: (x, y) => x.add(y),
    tfjs: (tf, x, y) => tf.add(x, y),
    jax: (_, x, y) => x.ref.add(y.ref),
  },
  mul: {
    gradtape: (x, y) => x.mul(y),
    tfjs: (tf, x, y) => tf.mul(x, y),
    jax: (_, x, y) => x.ref.mul(y.ref),
  },
  exp: {
    gradtape: (x) => x.exp(),
    tfjs: (tf, x) => tf.exp(x),
    jax: ({ numpy: np }, x) => np.exp(x.ref),
  },
  tanh: {
    gradtape: (x) => x.tanh(),
    tfjs: (tf, x) => tf.tanh(x),
    jax: ({ numpy: np }, x) => np.tanh(x.ref),
  },
  sigmoid: {
    gradtape: (x) => x.sigmoid(),
    tfjs: (tf, x) => tf.sigmoid(x),
    jax: ({ nn }, x) => nn.sigmoid(x.ref),
  },
  gelu: {
    gradtape: (x) => x.gelu(),
    tfjs: (tf, x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
    jax: ({ nn }, x) => nn.gelu(x.ref, { approximate: false }),
  },
  chain: {
    gradtape: (x, y) => x.mul(0.5).add(y).tanh().mul(x).add(1).square(),
    tfjs: (tf, x, y) => tf.square(tf.add(tf.mul(tf.tanh(tf.add(tf.mul(x, 0.5), y)), x), 1)),
    jax: ({ numpy: np }, x, y) => np.square(np.tanh(x.ref.mul(0.5).add(y.ref)).mul(x.ref).add(1)),
  },
  mean: {
    gradtape: (x) => x.mean(),
    tfjs: (tf, x) => tf.mean(x),
    jax: (_, x) => x.ref.mean(),
  },
  'row sums': {
    gradtape: (x) => x.sum(-1),
    tfjs: (tf, x) => tf.sum(x, -1),
    jax: (_, x) => x.ref.sum(-1),
  },
  max: {
    gradtape: (x) => x.amax(),
    tfjs: (tf, x) => tf.max(x),
    jax: (_, x) => x.ref.max(),
  },
  softmax: {
    gradtape: (x) => x.softmax(-1),
    tfjs: (tf, x) => tf.softmax(x, -1),
    jax: ({ nn }, x) => nn.softmax(x.ref, -1),
  },
  'layer norm': {
    gradtape: (x, _, { standardize }) => standardize(x),
    tfjs(tf, x) {
      const { mean, variance } = tf.moments(x, -1, true)
      return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)))
    },
    jax: ({ nn }, x) => nn.standardize(x.ref, -1, { epsilon: 1e-5 }),
  },
} satisfies Record<string, Operation>

export interface ElementwiseSettings {
  readonly operation: keyof typeof operations
  readonly shape: readonly number[]
}

/** Rows of 10, 100 or 1000. */
const shapes = [
  [10, 10],
  [100, 100],
  [1000, 1000],
]

const cases = Object.keys(operations).flatMap((operation) =>
  shapes.map(([m, n]): Case<ElementwiseSettings> => ({
    label: `${operation}, 10${superscript(Math.log10(m * n))}`,
    settings: { operation: operation as keyof typeof operations, shape: [m, n] },
    line: operation,
    at: m * n,
  })),
)

function superscript(n: number): string {
  return '⁰¹²³⁴⁵⁶⁷⁸⁹'[Math.round(n)]
}

function operands(shape: readonly number[]) {
  return [spread(shape, 0, { scale: 3 }), spread(shape, 1, { scale: 3 })] as const
}

export const elementwise = workload<ElementwiseSettings>({
  name: 'elementwise',
  title: 'Operations over 10² to 10⁶ elements, forward, float32',
  cases,
  check: { steps: 1, tolerance: 1e-4 },
  torch: 'elementwise',

  gradtape({ core, array, operation }, { operation: name, shape }) {
    const [x, y] = operands(shape).map(array)
    const compute: Operation['gradtape'] = operations[name].gradtape
    return operation(() => compute(x, y, core))
  },

  tfjs({ tf, array, operation }, { operation: name, shape }) {
    const [x, y] = operands(shape).map((of) => array(of))
    const compute: Operation['tfjs'] = operations[name].tfjs
    return operation(() => compute(tf, x, y))
  },

  jax({ jax, array, operation, maybeJit }, { operation: name, shape }) {
    const [x, y] = operands(shape).map(array)
    const compute: Operation['jax'] = operations[name].jax
    const whole = maybeJit((a: Jax.Array, b: Jax.Array) => {
      const result = compute(jax, a, b)
      a.dispose()
      b.dispose()
      return result
    })
    return operation(() => whole(x.ref, y.ref))
  },
})

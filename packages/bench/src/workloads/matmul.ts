import { spread, type Float } from '../spread.ts'
import { sample } from '../task.ts'
import { workload, type Case } from '../workload.ts'

export interface MatmulSettings {
  readonly n: number
  readonly dtype: Float
}

const cases = (['float32', 'float64'] as const).flatMap((dtype) =>
  [64, 128, 256, 512, 1024].map((n): Case<MatmulSettings> => ({
    label: `${n}³ ${dtype}`,
    settings: { n, dtype },
    line: dtype,
    at: n,
  })),
)

function operands({ n, dtype }: MatmulSettings) {
  return [spread([n, n], 0, { dtype }), spread([n, n], 1, { dtype })] as const
}

export const matmul = workload<MatmulSettings>({
  name: 'matmul',
  title: 'Products of square matrices',
  cases,
  check: { steps: 1, tolerance: 1e-4 },
  torch: 'matmul',

  gradtape({ array, operation }, settings) {
    const [a, b] = operands(settings).map(array)
    return operation(() => a.matmul(b))
  },

  blas({ gemm }, settings) {
    const { n, dtype } = settings
    const [a, b] = operands(settings).map(({ values }) => values)
    const out = a.slice()
    const [rowMajor, notTransposed] = [101, 111]
    const sizes = [rowMajor, notTransposed, notTransposed, n, n, n]
    const step = (): void => gemm[dtype](...sizes, 1, a, n, b, n, 0, out, n)
    return { step, outputs: async () => (step(), sample(out)) }
  },

  tfjs({ tf, operation }, settings) {
    const dtype = settings.dtype as 'float32'
    const [a, b] = operands(settings).map(({ values, shape }) => tf.tensor(values, shape, dtype))
    return operation(() => tf.matMul(a, b))
  },

  jax({ jax, array, operation }, settings) {
    const [a, b] = operands(settings).map(array)
    return operation(() => jax.numpy.matmul(a.ref, b.ref))
  },
})

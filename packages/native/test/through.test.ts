import {
  conv2d,
  dropGemm,
  einsum,
  gradients,
  manualSeed,
  randn,
  useGemm,
  type FloatDType,
  type Gemm,
  type Tensor,
} from '@gradtape/core'
import { opTableProperties } from '@gradtape/testing'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { blas } from '../src/index.ts'

/** How many products BLAS has multiplied. */
let products = 0

/** What the package switches on, but for all sizes, so that small cases go through it. */
const counted: Gemm = {
  name: 'counted',
  atLeast: 1,
  multiply(...args) {
    const done = blas!.gemm.multiply(...args)
    if (done) products++
    return done
  },
  multiplyBatch(...args) {
    const done = blas!.gemm.multiplyBatch!(...args)
    if (done) products += args[6].length / 3
    return done
  },
}

beforeAll(() => {
  if (blas) dropGemm(blas.gemm)
})
beforeEach(({ skip }) => {
  skip(blas === null, 'there is no BLAS on this machine')
  manualSeed(7)
  products = 0
})

/** What runs through BLAS. */
function through<T>(run: () => T): T {
  useGemm(counted)
  try {
    return run()
  } finally {
    dropGemm(counted)
  }
}

/** The largest difference of two tensors, in proportion to the largest element. */
function difference(a: Tensor, b: Tensor): number {
  return a.sub(b).abs().max().item() / Math.max(1e-300, b.abs().max().item())
}

interface Case {
  readonly name: string
  /** At least so many products, also of the gradients. */
  readonly least: number
  /** Shapes of the inputs: `2x3, 3x4`. */
  readonly shapes: string
  readonly f: (...inputs: Tensor[]) => Tensor
}

const cases: readonly Case[] = [
  { name: 'batches', least: 24, shapes: '2x4x9x7, 2x4x7x5', f: (a, b) => a.matmul(b) },
  { name: 'a batch and a matrix', least: 2, shapes: '6x9x7, 7x5', f: (a, b) => a.matmul(b) },
  { name: 'a matrix and a batch', least: 18, shapes: '9x7, 6x7x5', f: (a, b) => a.matmul(b) },
  {
    name: 'attention',
    least: 8,
    shapes: '2x2x6x4, 2x2x6x4, 2x2x6x4',
    f: (q, k, v) => q.matmul(k.transpose(-1, -2)).softmax(-1).matmul(v),
  },
  {
    name: 'einsum',
    least: 3,
    shapes: '3x4x5, 6x5',
    f: (a, b) => einsum('ijk,lk->lij', a, b),
  },
  {
    name: 'einsum of batches',
    least: 9,
    shapes: '3x4x5, 3x6x5',
    f: (a, b) => einsum('bik,bjk->bij', a, b),
  },
  // Convolution may have kernels of its own, which need no products.
  {
    name: 'conv2d',
    least: 0,
    shapes: '2x3x6x5, 4x3x3x3',
    f: (x, w) => conv2d(x, w, null, { padding: 1 }),
  },
  {
    name: 'conv2d in groups with strides',
    least: 0,
    shapes: '2x4x7x6, 6x2x3x2',
    f: (x, w) => conv2d(x, w, null, { stride: 2, groups: 2 }),
  },
]

describe.each(['float32', 'float64'] as FloatDType[])(
  '%s: gradients are those without',
  (dtype) => {
    test.each(cases)('$name', ({ least, shapes, f }) => {
      const inputs = shapes.split(', ').map((shape) => {
        return randn(shape.split('x').map(Number), { dtype, requiresGrad: true })
      })
      const run = (): Tensor[] => {
        const out = f(...inputs)
        return [out, ...gradients(out.square().sum(), inputs)]
      }
      const plain = run()
      expect(products).toBe(0)
      const fast = through(run)
      expect(products).toBeGreaterThanOrEqual(least)
      const tolerance = dtype === 'float32' ? 1e-5 : 1e-13
      fast.forEach((x, i) => expect(difference(x, plain[i])).toBeLessThan(tolerance))
    })
  },
)

describe('what the op table says of contractions holds', () => {
  const ops = ['matmul', 'mm', 'bmm', 'dot', 'einsum']
  // Integers never reach BLAS.
  const laws = opTableProperties().filter(
    ({ op, law }) => ops.includes(op) && law !== 'dtypes: integers as floats',
  )

  test.each(laws)('$op: $law', (property) => {
    through(() => property.check({ numRuns: 8 }))
    expect(products).toBeGreaterThan(0)
  })
})

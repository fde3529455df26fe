// What workloads are given of each library: the library itself, and the two things that workloads ask
// of all of them. Each is loaded only in the process of its own peer.
import { createRequire } from 'node:module'
import type * as Core from '@gradtape/core'
import type * as NN from '@gradtape/nn'
import type * as Optim from '@gradtape/optim'
import type * as Jax from '@jax-js/jax'
import type * as TF from '@tensorflow/tfjs'
import type { Spread } from './spread.ts'
import { sample, type Task } from './task.ts'

export interface Gradtape {
  /** Of the BLAS. */
  version?: string
  core: typeof Core
  nn: typeof NN
  optim: typeof Optim
  array(spread: Spread): Core.Tensor
  parameter(spread: Spread): NN.Parameter
  /** Something that computes a tensor out of the same ones again and again. */
  operation(compute: () => Core.Tensor): Task
}

export interface Tfjs {
  tf: typeof TF
  array<T extends TF.Tensor>(spread: Spread): T
  variable<T extends TF.Tensor>(spread: Spread): TF.Variable & T
  operation(compute: () => TF.Tensor): Task
  /** Steps of an optimizer on a loss. */
  minimize(optimizer: TF.Optimizer, loss: () => TF.Tensor, variables: TF.Variable[]): Task
}

export interface JaxJs {
  jax: typeof Jax
  array(spread: Spread): Jax.Array
  /** `jax.jit` for the peer that compiles; for the other one, nothing. */
  maybeJit<F extends (...args: any[]) => any>(f: F): F
  operation(compute: () => Jax.Array): Task
}

export async function loadGradtape(native: boolean, threads: number): Promise<Gradtape> {
  const [core, nn, optim] = await Promise.all([
    import('@gradtape/core'),
    import('@gradtape/nn'),
    import('@gradtape/optim'),
  ])
  core.setNumThreads(threads)
  let version: string | undefined
  if (native) {
    const { blas } = await import('@gradtape/native')
    if (blas === null) throw new Error('no BLAS was found')
    const number = `${blas.threads} ${blas.threads === 1 ? 'thread' : 'threads'}`
    version = `${blas.name}${kernelsOf(blas.path)}, ${number}`
  }
  const { tensor } = core
  const array = ({ values, shape }: Spread): Core.Tensor => tensor(values).reshape(shape)
  return {
    core,
    nn,
    optim,
    version,
    array,
    parameter: (spread) => new nn.Parameter(array(spread)),
    operation: (compute) => ({ step: compute, outputs: async () => sample(compute().data) }),
  }
}

const koffi = (): any => createRequire(import.meta.url)('koffi')

/** Which kernels an OpenBLAS has chosen for the processor. */
function kernelsOf(path: string): string {
  try {
    return ` (${koffi().load(path).func('openblas_get_corename', 'str', [])()})`
  } catch {
    return ''
  }
}

/** The BLAS itself, called as `@gradtape/native` calls it, with nothing around it. */
export interface Blas {
  version: string
  /** The symbol `cblas_sgemm` or `cblas_dgemm`. */
  gemm: Record<'float32' | 'float64', (...args: unknown[]) => void>
}

export async function loadBlas(): Promise<Blas> {
  const { blas } = await import('@gradtape/native')
  if (blas === null) throw new Error('no BLAS was found')
  const library = koffi().load(blas.path)
  const gemm = (name: string, scalar: string): ((...args: unknown[]) => void) => {
    const sizes = Array(6).fill('int')
    const matrix = [`${scalar} *`, 'int']
    const types = [...sizes, scalar, ...matrix, ...matrix, scalar, ...matrix]
    return library.func(name, 'void', types)
  }
  return {
    version: blas.name,
    gemm: { float32: gemm('cblas_sgemm', 'float'), float64: gemm('cblas_dgemm', 'double') },
  }
}

export async function loadTfjs(backend: 'cpu' | 'wasm'): Promise<Tfjs> {
  const { default: tf } = (await import('@tensorflow/tfjs')) as unknown as { default: typeof TF }
  if (backend === 'wasm') await import('@tensorflow/tfjs-backend-wasm')
  if (!(await tf.setBackend(backend))) throw new Error(`the backend ${backend} doesn't start`)
  const array = ({ values, shape }: Spread): any => tf.tensor(Float32Array.from(values), shape)
  return {
    tf,
    array,
    variable: (spread): any => tf.variable(array(spread)),
    operation: (compute) => ({
      step: () => tf.tidy(compute).dispose(),
      outputs: async () => sample(tf.tidy(compute).dataSync()),
    }),
    minimize(optimizer, loss, variables) {
      const step = (): number => {
        const value = optimizer.minimize(loss as () => TF.Scalar, true, variables)!
        const number = value.dataSync()[0]
        value.dispose()
        return number
      }
      return { step, outputs: async (count) => Array.from({ length: count }, step) }
    },
  }
}

export async function loadJax(jit: boolean): Promise<JaxJs> {
  const globals = globalThis as { navigator?: unknown; Float16Array?: unknown }
  // Node 20 has neither, and jax-js asks for both.
  globals.navigator ??= { userAgent: 'Node', hardwareConcurrency: 1 }
  globals.Float16Array ??= function Float16Array() {}
  const jax = await import('@jax-js/jax')
  await jax.init('wasm')
  jax.defaultDevice('wasm')
  return {
    jax,
    array: ({ values, shape }) =>
      jax.numpy.array(values as Float32Array<ArrayBuffer>).reshape(shape),
    maybeJit: (f) => (jit ? (jax.jit(f) as any) : f),
    operation: (compute) => ({
      async step() {
        const result = await jax.blockUntilReady(compute())
        result.dispose()
      },
      outputs: async () => sample(await compute().data()),
    }),
  }
}

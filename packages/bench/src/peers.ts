import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { workerFile } from './bundle.ts'
import type { Workload } from './workload.ts'

/** Who is measured: a process that is started anew for each workload. */
export interface Peer {
  /** As `--peers` calls it. */
  readonly name: string
  readonly title: string
  /** How it can be started; of several ways, the best at a case is taken. */
  readonly launches: readonly Launch[]
  /** The package whose version is shown; PyTorch says its own. */
  readonly package?: string
  /** Runs `torch_worker.py`, which has names of its own for workloads. */
  readonly python?: boolean
  /** Computes as precisely as float32 holds, whatever it is asked for. */
  readonly float32?: boolean
  /** Whether it has anything to do there. */
  does(workload: Workload): boolean
}

export interface Launch {
  readonly command: readonly [program: string, ...args: string[]]
  readonly env: Readonly<Record<string, string>>
}

/** PyTorch's own setting does not reach every BLAS: each library is told how many threads it has. */
function blasThreads(count: number): Record<string, string> {
  const libraries = ['OMP', 'OPENBLAS', 'MKL', 'BLIS', 'VECLIB']
  return Object.fromEntries(libraries.map((name) => [`${name}_NUM_THREADS`, String(count)]))
}

const always = (): boolean => true

interface JavaScript extends Partial<Pick<Peer, 'package' | 'float32' | 'does'>> {
  /** As `worker.ts` calls it; the peer's name unless given. */
  readonly library?: string
  readonly threads?: number
}

function javascript(name: string, title: string, settings: JavaScript = {}): Peer {
  const { library = name, threads = 1, ...more } = settings
  const command = [process.execPath, workerFile, library, String(threads)] as const
  return { name, title, launches: [{ command, env: blasThreads(threads) }], does: always, ...more }
}

/** With one or more settings of [threads of PyTorch, threads of its BLAS]. */
function torch(
  name: string,
  title: string,
  settings: readonly [own: number, blas: number][],
): Peer {
  const script = fileURLToPath(new URL('torch_worker.py', import.meta.url))
  const launches = settings.map(([own, blas]): Launch => {
    return { command: [python(), script, String(own)], env: blasThreads(blas) }
  })
  return { name, title, launches, python: true, does: always }
}

let found: string | undefined

/**
 * The Python that GRADTAPE_PYTHON names, or else the first with PyTorch: a distribution's PyTorch belongs
 * to its own Python, which need not be the first on the path.
 */
function python(): string {
  const named = process.env.GRADTAPE_PYTHON
  if (named) return named
  const hasTorch = (program: string): boolean =>
    spawnSync(program, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0
  return (found ??= ['/usr/bin/python3', 'python3'].find(hasTorch) ?? 'python3')
}

const tensorflow = { package: '@tensorflow/tfjs', float32: true }

// It has float64, but exponentials and logarithms of some seven digits.
const jax = { package: '@jax-js/jax', float32: true }

/** All peers, in the order of the report. */
export function allPeers(): Peer[] {
  return [
    javascript('by-hand', 'typed arrays by hand', { does: ({ byHand }) => byHand !== undefined }),
    javascript('blas', 'the BLAS alone', { does: ({ blas }) => blas !== undefined }),
    javascript('gradtape', 'gradtape', { package: '@gradtape/core' }),
    javascript('gradtape-2', 'gradtape, 2 threads', {
      library: 'gradtape',
      package: '@gradtape/core',
      threads: 2,
    }),
    javascript('native', 'gradtape, native', { package: '@gradtape/native' }),
    javascript('native-2', 'gradtape, native, 2 threads', {
      library: 'native',
      package: '@gradtape/native',
      threads: 2,
    }),
    javascript('tfjs-cpu', 'TensorFlow.js cpu', tensorflow),
    javascript('tfjs-wasm', 'TensorFlow.js wasm', tensorflow),
    javascript('jax', 'jax-js wasm', jax),
    javascript('jax-jit', 'jax-js wasm, jit', jax),
    torch('torch', 'PyTorch, 1 thread', [[1, 1]]),
    // Both at once may ask for four threads.
    torch('torch-2', 'PyTorch, 2 threads', [
      [2, 1],
      [1, 2],
      [2, 2],
    ]),
  ]
}

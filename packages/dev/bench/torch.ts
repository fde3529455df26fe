import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Contender } from './training.ts'

const script = fileURLToPath(new URL('torch_worker.py', import.meta.url))

// PyTorch's own setting does not reach every BLAS: each library is told to keep to one thread.
const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }

/** PyTorch in a Python process that sleeps until it is asked. */
export class Torch {
  readonly version: string
  readonly #worker: ChildProcessWithoutNullStreams
  readonly #answers: AsyncIterator<string>

  private constructor(
    version: string,
    worker: ChildProcessWithoutNullStreams,
    answers: AsyncIterator<string>,
  ) {
    this.version = version
    this.#worker = worker
    this.#answers = answers
  }

  /** Null where the Python does not exist or has no PyTorch. */
  static async start(python: string): Promise<Torch | null> {
    const worker = spawn(python, [script], { env: { ...process.env, ...oneThread } })
    worker.on('error', () => {})
    worker.stdin.on('error', () => {})
    const answers = createInterface({ input: worker.stdout })[Symbol.asyncIterator]()
    const greeting = await answers.next()
    return greeting.done ? null : new Torch(JSON.parse(greeting.value), worker, answers)
  }

  /** The training that `torch_worker.py` knows by this name. */
  async contender(steps: number, workload: string, settings: object): Promise<Contender> {
    await this.#ask({ workload, settings })
    return {
      name: `PyTorch ${this.version}, one thread`,
      steps,
      losses: (count) => this.#ask({ losses: count }),
      time: (count) => this.#ask({ time: count }),
    }
  }

  stop(): void {
    this.#worker.stdin.end()
  }

  async #ask<Answer>(question: object): Promise<Answer> {
    this.#worker.stdin.write(`${JSON.stringify(question)}\n`)
    const answer = await this.#answers.next()
    if (answer.done) throw new Error(`${script} stopped at ${Object.keys(question).join(', ')}`)
    return JSON.parse(answer.value)
  }
}

/**
 * The Python that GRADTAPE_PYTHON names, or else the first with PyTorch: a distribution's PyTorch
 * belongs to its own Python, which need not be the first on the path.
 */
export async function findTorch(): Promise<Torch | null> {
  const named = process.env.GRADTAPE_PYTHON
  for (const python of named ? [named] : ['/usr/bin/python3', 'python3']) {
    const torch = await Torch.start(python)
    if (torch !== null) return torch
  }
  return null
}

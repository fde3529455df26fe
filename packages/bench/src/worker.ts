// The process of one JavaScript peer. `node worker.js LIBRARY THREADS` answers questions, one JSON object
// a line, until its input ends. It says { version } when it is ready; then
//   { begin: workload, settings }   prepares a case                     → null
//   { outputs: n }                  gives the outputs of n first steps  → numbers
//   { time: seconds }               takes steps for about so long       → microseconds of one
// An answer is { answer } or { error }.
import { createInterface } from 'node:readline'
import { loadBlas, loadGradtape, loadJax, loadTfjs } from './libraries.ts'
import type { Task } from './task.ts'
import { workloads } from './workloads/index.ts'
import type { Workload } from './workload.ts'

interface Question {
  readonly begin?: string
  readonly settings?: object
  readonly outputs?: number
  readonly time?: number
}

type Prepare = (workload: Workload, settings: object) => Task

interface Loaded {
  readonly prepare: Prepare
  /** What there is to say besides the package's version. */
  readonly version?: string
}

async function load(library: string, threads: number): Promise<Loaded> {
  switch (library) {
    case 'by-hand':
      return { prepare: (workload, settings) => workload.byHand!(settings) }
    case 'gradtape':
    case 'native': {
      const gradtape = await loadGradtape(library === 'native', threads)
      const { version } = gradtape
      return { version, prepare: (workload, settings) => workload.gradtape(gradtape, settings) }
    }
    case 'blas': {
      const blas = await loadBlas()
      const { version } = blas
      return { version, prepare: (workload, settings) => workload.blas!(blas, settings) }
    }
    case 'tfjs-cpu':
    case 'tfjs-wasm': {
      const tfjs = await loadTfjs(library === 'tfjs-cpu' ? 'cpu' : 'wasm')
      return { prepare: (workload, settings) => workload.tfjs(tfjs, settings) }
    }
    case 'jax':
    case 'jax-jit': {
      const jax = await loadJax(library === 'jax-jit')
      return { prepare: (workload, settings) => workload.jax(jax, settings) }
    }
    default:
      throw new Error(`there is no library ${library}`)
  }
}

/** Steps of the case at hand, and how many fit into a second. */
class Timer {
  readonly task: Task
  private perSecond = 1

  constructor(task: Task) {
    this.task = task
  }

  async time(seconds: number): Promise<number> {
    let steps = 0
    let elapsed = 0
    // In one go when the rate is known; it is found by doubling.
    while (elapsed < 0.7 * seconds) {
      const more = Math.max(1, Math.round(this.perSecond * (seconds - elapsed)), steps)
      elapsed += await this.take(more)
      steps += more
      this.perSecond = steps / Math.max(elapsed, 1e-6)
    }
    return (elapsed / steps) * 1e6
  }

  private async take(steps: number): Promise<number> {
    const { task } = this
    const begin = performance.now()
    for (let i = 0; i < steps; i++) {
      const result = task.step()
      if (result instanceof Promise) await result
    }
    return (performance.now() - begin) / 1000
  }
}

async function main(): Promise<void> {
  // Answers alone go to stdout; what libraries print doesn't.
  console.log = console.info = console.error
  const say = (message: object): void => {
    process.stdout.write(`${JSON.stringify(message)}\n`)
  }
  const attempt = async (make: () => Promise<unknown>): Promise<void> => {
    try {
      say({ answer: await make() })
    } catch (error) {
      say({ error: error instanceof Error ? error.message : String(error) })
    }
  }
  let prepare: Prepare
  await attempt(async () => {
    const loaded = await load(process.argv[2], Number(process.argv[3]))
    prepare = loaded.prepare
    return { version: loaded.version }
  })
  let timer: Timer | undefined
  for await (const line of createInterface({ input: process.stdin })) {
    const { begin, settings = {}, outputs, time } = JSON.parse(line) as Question
    await attempt(async () => {
      if (begin !== undefined) {
        const workload = workloads.find(({ name }) => name === begin)!
        timer = new Timer(prepare(workload, settings))
        return null
      }
      return outputs === undefined ? timer!.time(time!) : timer!.task.outputs(outputs)
    })
  }
}

await main()

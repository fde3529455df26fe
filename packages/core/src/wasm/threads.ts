import { dropGemm, useGemm, type Gemm, type Matrix } from '../backends/gemm.ts'
import { Kernels, WasmGemm } from '../backends/wasm-gemm.ts'
import { ValueError } from '../errors.ts'
import { showValue } from '../shape.ts'
import { VECTORS } from './gemm.ts'
import { engine, type Kernel, type KernelMemory } from './engine.ts'

/** What is used of Node's modules. */
interface NodeModules {
  'node:worker_threads': {
    readonly Worker: new (
      source: string,
      options: { eval: true; workerData: object },
    ) => { unref(): void; terminate(): Promise<number> }
  }
  'node:os': { availableParallelism(): number }
}

/** Missing where there is no Node, nor what stands in for it. */
const node = (
  globalThis as unknown as {
    process?: {
      getBuiltinModule?<K extends keyof NodeModules>(name: K): NodeModules[K] | undefined
    }
  }
).process

/** From how many multiplications on it pays to wake others. */
const LARGE = 1 << 22

// The numbers that threads share: the turn, how many have not finished it, how many have started; then
// what each is to do.
const TURN = 0
const BUSY = 1
const STARTED = 2
const JOBS = 4
const JOB = 16

/**
 * How often it is looked whether something has changed, before a thread sleeps: to be woken takes longer
 * than the pause between two parts of one product, some tens of microseconds.
 */
const LOOKS = 1 << 14

/** What a worker runs: in each turn, one call of a kernel. */
const worker = `
const { memory, modules, shared, at } = require('node:worker_threads').workerData
const kernels = modules.map((m) => new WebAssembly.Instance(m, { m: { m: memory } }).exports.product)
let turn = Atomics.load(shared, ${TURN})
Atomics.add(shared, ${STARTED}, 1)
for (;;) {
  for (let i = 0; i < ${LOOKS} && Atomics.load(shared, ${TURN}) === turn; i++);
  Atomics.wait(shared, ${TURN}, turn)
  if (Atomics.load(shared, ${TURN}) === turn) continue
  turn++
  const [kernel, ...args] = shared.subarray(at, at + ${JOB})
  kernels[kernel](...args)
  Atomics.sub(shared, ${BUSY}, 1)
  Atomics.notify(shared, ${BUSY})
}`

/** Workers that compute on the memory of this thread. */
class Crew {
  readonly #shared: Int32Array
  readonly #workers: readonly { terminate(): Promise<number> }[]

  constructor(workers: number, memory: KernelMemory, modules: readonly object[]) {
    this.#shared = new Int32Array(new SharedArrayBuffer(4 * (JOBS + JOB * workers)))
    const { Worker } = node!.getBuiltinModule!('node:worker_threads')!
    this.#workers = Array.from({ length: workers }, (_, w) => {
      const workerData = { memory, modules, shared: this.#shared, at: JOBS + JOB * w }
      const made = new Worker(worker, { eval: true, workerData })
      // A process ends when it has nothing else to do.
      made.unref()
      return made
    })
  }

  /** They take some time to start; nobody waits for that. */
  get isReady(): boolean {
    return Atomics.load(this.#shared, STARTED) === this.#workers.length
  }

  /** Runs the kernel of that number with each list of arguments but the first, and `own` with the first. */
  run(kernel: number, own: Kernel, [first, ...others]: readonly (readonly number[])[]): void {
    const shared = this.#shared
    others.forEach((args, w) => shared.set([kernel, ...args], JOBS + JOB * w))
    Atomics.store(shared, BUSY, others.length)
    Atomics.add(shared, TURN, 1)
    Atomics.notify(shared, TURN)
    own(...first!)
    for (let busy; (busy = Atomics.load(shared, BUSY)) > 0;) Atomics.wait(shared, BUSY, busy, 1)
  }

  dismiss(): void {
    for (const made of this.#workers) void made.terminate()
  }
}

/** Kernels for products whose columns are shared out among threads. */
function start(threads: number): { gemm: Gemm; crew: Crew } {
  const memory = new engine.Memory({ initial: 2, maximum: 1 << 16, shared: true })
  const kernels = ([4, 8] as const).map((size) => new Kernels(size, memory, true))
  const crew = new Crew(
    threads - 1,
    memory,
    kernels.map(({ module }) => module),
  )
  kernels.forEach((own, at) => {
    const alone = own.product
    own.product = (a, b, c, row, m, n, steps, more) => {
      if (n! < threads || !crew.isReady) return alone(a!, b!, c!, row!, m!, n!, steps!, more!)
      const parts = Array.from({ length: threads }, (_, t) => {
        const from = Math.floor((t * n!) / threads)
        const to = Math.floor(((t + 1) * n!) / threads)
        const wide = from * 16 * VECTORS
        return [a!, b! + wide * steps!, c! + wide, row!, m!, to - from, steps!, more!]
      })
      crew.run(at, alone, parts)
    }
  })
  return { gemm: new WasmGemm('wasm, threads', (size) => kernels[size === 4 ? 0 : 1]!), crew }
}

/** Products of large matrices by several threads, each element as by one. */
class ThreadedGemm implements Gemm {
  readonly name = 'wasm, threads'
  readonly threads: number
  #started: ReturnType<typeof start> | null = null

  constructor(threads: number) {
    this.threads = threads
  }

  multiply(m: number, n: number, k: number, a: Matrix, b: Matrix, out: Matrix): boolean {
    if (m * n * k < LARGE) return false
    this.#started ??= start(this.threads)
    return this.#started.gemm.multiply(m, n, k, a, b, out)
  }

  dismiss(): void {
    this.#started?.crew.dismiss()
  }
}

let current: ThreadedGemm | null = null

/** By how many threads products of large matrices are computed; see {@link setNumThreads}. */
export function getNumThreads(): number {
  return current?.threads ?? 1
}

/**
 * Has products of large matrices computed by `threads` threads, with the same results, bit for bit, as
 * by one. In Node there are as many as cores unless this says otherwise; elsewhere there is one. The
 * workers start with the first such product.
 *
 * @throws {ValueError} unless `threads` is an integer from 1 on, and when there are no worker threads.
 */
export function setNumThreads(threads: number): void {
  if (!Number.isSafeInteger(threads) || threads < 1 || threads > 256) {
    throw new ValueError(
      `setNumThreads: expected a number of threads from 1 to 256, got ${showValue(threads)}`,
    )
  }
  if (threads > 1 && !node?.getBuiltinModule?.('node:worker_threads')) {
    throw new ValueError('setNumThreads: there are no worker threads here; expected 1')
  }
  if (current !== null) {
    dropGemm(current)
    current.dismiss()
    current = null
  }
  if (threads > 1) useGemm((current = new ThreadedGemm(threads)))
}

/** As many threads as there are cores. */
export function useAllCores(): void {
  const cores = node?.getBuiltinModule?.('node:os')?.availableParallelism() ?? 1
  if (cores > 1) setNumThreads(Math.min(cores, 256))
}

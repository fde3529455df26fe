import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import { Memory } from './memory.ts'
import type { Launch, Peer } from './peers.ts'

/** A question that takes longer ends the peer. */
const MINUTES = 3

/** A peer at work on one workload; `worker.ts` says what it can be asked. */
export class PeerProcess {
  readonly peer: Peer
  readonly memory: Memory
  readonly #process: ChildProcessWithoutNullStreams
  readonly #answers: AsyncIterator<string>
  #errors = ''

  private constructor(peer: Peer, launch: Launch) {
    this.peer = peer
    const [program, ...args] = launch.command
    this.#process = spawn(program, args, { env: { ...process.env, ...launch.env } })
    this.#process.on('error', (error) => (this.#errors += error.message))
    this.#process.stdin.on('error', () => {})
    this.#process.stderr.on('data', (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString()).slice(-4000)
    })
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]()
    this.memory = new Memory(this.#process.pid)
  }

  /** Started, with its library loaded, and what it says of itself. */
  static async start(peer: Peer, launch: Launch): Promise<[PeerProcess, { version?: string }]> {
    const started = new PeerProcess(peer, launch)
    try {
      const greeting = await started.#answer<{ version?: string }>()
      started.memory.begin()
      return [started, greeting]
    } catch (error) {
      started.stop()
      throw error
    }
  }

  begin(workload: string, settings: object): Promise<null> {
    return this.#ask({ begin: workload, settings })
  }

  outputs(count: number): Promise<number[]> {
    return this.#ask({ outputs: count })
  }

  /** Takes steps for about so many seconds; the microseconds of one. */
  time(seconds: number): Promise<number> {
    return this.#ask({ time: seconds })
  }

  stop(): void {
    this.#process.kill('SIGKILL')
  }

  #ask<Answer>(question: object): Promise<Answer> {
    this.#process.stdin.write(`${JSON.stringify(question)}\n`)
    return this.#answer()
  }

  async #answer<Answer>(): Promise<Answer> {
    const timer = setTimeout(() => {
      this.#errors += `\ntook longer than ${MINUTES} minutes`
      this.stop()
    }, MINUTES * 60_000)
    const line = await this.#answers.next()
    clearTimeout(timer)
    if (line.done) throw new Error(lastLine(this.#errors) || 'its process ended')
    const { answer, error } = JSON.parse(line.value) as { answer: Answer; error?: string }
    if (error !== undefined) throw new Error(error.trim().split('\n')[0])
    return answer
  }
}

/** Where programs say why they stopped. */
function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)!
}

import { fork, type ChildProcess } from 'node:child_process'
import { inRoot, root } from '../root.ts'
import type { Tier } from '../tiers/engine.ts'
import type { Case } from './cases.ts'
import type { Found } from './compare.ts'
import type { Said } from './worker.ts'

const worker = inRoot('packages/dev/src/conformance/worker.ts')

/** A process on a tier. */
export class TierProcess {
  readonly tier: Tier
  readonly #child: ChildProcess

  private constructor(tier: Tier) {
    this.tier = tier
    this.#child = fork(worker, [tier], { cwd: root, serialization: 'advanced' })
  }

  /** Starts it: or why the tier isn't there. */
  static async start(tier: Tier): Promise<TierProcess | string> {
    const own = new TierProcess(tier)
    const said = await own.#next()
    const missing = 'missing' in said ? said.missing : 'it said nothing'
    if (missing === null) return own
    own.end()
    return missing
  }

  /** What cases come to; a text for one that fails. */
  async run(cases: readonly Case[]): Promise<readonly (readonly Found[] | string)[]> {
    const answer = this.#next()
    this.#child.send(cases)
    const said = await answer
    return 'found' in said ? said.found : []
  }

  end(): void {
    this.#child.kill()
  }

  /** @throws {Error} when the process ends instead. */
  #next(): Promise<Said> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void => {
        reject(new Error(`the process on tier ${this.tier} ended with ${code}`))
      }
      this.#child.once('exit', ended)
      this.#child.once('message', (said) => {
        this.#child.off('exit', ended)
        resolve(said as Said)
      })
    })
  }
}

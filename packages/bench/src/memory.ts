import { readFileSync, writeFileSync } from 'node:fs'

/** The resident size of a process and its peak, where the system (Linux) tells. */
export class Memory {
  readonly #folder: string
  #before: number | null = null

  constructor(pid: number | undefined) {
    this.#folder = `/proc/${pid}`
  }

  /** What comes after this counts. */
  begin(): void {
    this.#before = this.#read('VmRSS')
    try {
      // Forgets the peak so far.
      writeFileSync(`${this.#folder}/clear_refs`, '5')
    } catch {
      // Then the peak of loading counts as well.
    }
  }

  /** How many bytes the size has been above that at the beginning, at most. */
  peak(): number | null {
    const peak = this.#read('VmHWM')
    return peak === null || this.#before === null ? null : peak - this.#before
  }

  #read(field: string): number | null {
    try {
      const status = readFileSync(`${this.#folder}/status`, 'utf8')
      const kilobytes = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)
      return kilobytes && Number(kilobytes[1]) * 1024
    } catch {
      return null
    }
  }
}

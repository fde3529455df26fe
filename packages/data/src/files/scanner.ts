import { ValueError } from '@gradtape/core'

/** Goes through a header's text, symbol by symbol, and knows at which byte of the file it stands. */
export class Scanner {
  readonly where: string
  readonly text: string
  /** The byte of the file at which the text begins. */
  readonly #start: number
  readonly #bytesOf: (text: string) => number
  position = 0

  constructor(where: string, text: string, start: number, bytesOf: (text: string) => number) {
    this.where = where
    this.text = text
    this.#start = start
    this.#bytesOf = bytesOf
  }

  /** Passes spaces, then `symbol` if it stands there; tells whether it did. */
  skip(symbol: string): boolean {
    this.take(/[ \t\r\n]*/y)
    if (!this.text.startsWith(symbol, this.position)) return false
    this.position += symbol.length
    return true
  }

  /** Passes spaces and `symbol`. */
  expect(symbol: string): void {
    if (!this.skip(symbol)) this.fail(`expected ${JSON.stringify(symbol)}`)
  }

  /** Passes what a sticky pattern matches here, and returns it. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position
    const found = pattern.exec(this.text)?.[0]
    this.position += found?.length ?? 0
    return found
  }

  /** Nothing but spaces may follow. */
  end(): void {
    this.skip('')
    if (this.position < this.text.length) this.fail('expected the end of the header')
  }

  /** An integer from 0 to 2^53 − 1. */
  size(what: string): number {
    this.skip('')
    const from = this.position
    const size = Number(this.take(/(0|[1-9]\d*)(?![\w.+-])/y) ?? NaN)
    if (!Number.isSafeInteger(size)) {
      this.fail(`expected ${what}, an integer from 0 to 2^53 − 1`, from)
    }
    return size
  }

  fail(problem: string, position: number = this.position): never {
    const byte = this.#start + this.#bytesOf(this.text.slice(0, position))
    const rest = this.text.slice(position, position + 24)
    const seen = rest === '' ? 'the end of the header' : JSON.stringify(rest)
    throw new ValueError(`${this.where}: header, byte ${byte}: ${problem}, got ${seen}`)
  }
}

/** The text of a header in UTF-8. @throws {ValueError} naming the byte that is not. */
export function decodeUtf8(where: string, bytes: Uint8Array, start: number): string {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const again = text.includes('\ufffd') ? new TextEncoder().encode(text) : bytes
  const wrong = again === bytes ? -1 : bytes.findIndex((byte, i) => byte !== again[i])
  if (wrong >= 0) throw new ValueError(`${where}: header, byte ${start + wrong}: is not UTF-8`)
  return text
}

export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length
}

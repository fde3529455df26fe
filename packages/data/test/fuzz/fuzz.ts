import { writeFileSync } from 'node:fs'
import { GradtapeError } from '@gradtape/core'
import { mutate, randomIntegers } from './mutate.ts'
import type { FuzzedReader } from './readers.ts'

/** What came of many mutated inputs. */
export interface FuzzResult {
  readonly read: number
  readonly refused: number
  /** The slowest input, in milliseconds. */
  readonly slowest: number
  /** The most bytes allocated over what the reader may, or less than 0. */
  readonly excess: number
}

/** What any input may allocate, for messages, lists and compiled code. */
const ROOM = 2 ** 22

/**
 * Feeds a reader with mutated files, half of them repaired where that is possible. With `path`, each
 * is also written there and loaded, which must come to the same.
 *
 * @throws when a refusal is no error of gradtape's, or names no place (or, loaded, no file).
 */
export async function fuzz(
  reader: FuzzedReader,
  inputs: number,
  seed: number,
  path?: string,
): Promise<FuzzResult> {
  const below = randomIntegers(seed)
  const result = { read: 0, refused: 0, slowest: 0, excess: -Infinity }
  for (let i = 0; i < inputs; i++) {
    const bytes = mutate(reader.seeds[i % reader.seeds.length]!, below, reader.words)
    if (below(2) === 0) reader.repair?.(bytes)
    try {
      const before = allocated()
      const start = performance.now()
      const refusal = attempt(() => reader.read(bytes))
      result.slowest = Math.max(result.slowest, performance.now() - start)
      const excess = allocated() - before - reader.allocation(bytes.length) - ROOM
      result.excess = Math.max(result.excess, excess)
      if (refusal === undefined) result.read++
      else {
        result.refused++
        check(refusal, reader.place)
      }
      if (path !== undefined) await checkLoaded(reader, bytes, path, refusal)
    } catch (error) {
      const input = Buffer.from(bytes).toString('base64')
      throw new Error(`${reader.name}: input ${i} of seed ${seed}: ${input}`, { cause: error })
    }
  }
  return result
}

async function checkLoaded(
  reader: FuzzedReader,
  bytes: Uint8Array,
  path: string,
  refusal: unknown,
): Promise<void> {
  writeFileSync(path, bytes)
  const loaded = await reader.load(path).then(
    () => undefined,
    (error: unknown) => error,
  )
  if ((loaded === undefined) !== (refusal === undefined)) {
    throw new Error(`loaded: ${String(loaded)}; read: ${String(refusal)}`)
  }
  if (loaded !== undefined) {
    check(loaded, reader.place)
    check(loaded, new RegExp(path))
  }
}

function attempt(read: () => unknown): unknown {
  try {
    read()
    return undefined
  } catch (error) {
    return error
  }
}

function check(refusal: unknown, says: RegExp): void {
  if (!(refusal instanceof GradtapeError) || !says.test(refusal.message)) throw refusal
}

function allocated(): number {
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return arrayBuffers + heapUsed
}

/** Numbers at which lengths, sizes and offsets go wrong. */
const INTERESTING = [
  0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xfffffffe, 0xffffffff,
]

/** Random integers below a limit, the same for the same seed (xorshift32). */
export function randomIntegers(seed: number): (limit: number) => number {
  let state = (seed * 0x9e3779b1) | 1
  return (limit) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % limit
  }
}

type Mutation = (
  bytes: number[],
  below: (limit: number) => number,
  words: readonly string[],
) => void

const mutations: readonly Mutation[] = [
  function flipBit(bytes, below) {
    const i = below(bytes.length)
    bytes[i]! ^= 1 << below(8)
  },
  function setByte(bytes, below) {
    bytes[below(bytes.length)] = below(256)
  },
  function setNumber(bytes, below) {
    const value = INTERESTING[below(INTERESTING.length)]!
    const at = below(bytes.length)
    const width = [1, 2, 4, 8][below(4)]!
    for (let i = 0; i < width && at + i < bytes.length; i++) {
      bytes[at + i] = i < 4 ? (value >>> (8 * i)) & 255 : 0
    }
  },
  function remove(bytes, below) {
    bytes.splice(below(bytes.length), 1 + below(8))
  },
  function cut(bytes, below) {
    bytes.length = below(bytes.length)
  },
  function repeat(bytes, below) {
    const from = below(bytes.length)
    bytes.splice(below(bytes.length), 0, ...bytes.slice(from, from + 1 + below(40)))
  },
  function move(bytes, below) {
    const part = bytes.splice(below(bytes.length), 1 + below(40))
    bytes.splice(below(bytes.length + 1), 0, ...part)
  },
  function insertWord(bytes, below, words) {
    const word = new TextEncoder().encode(words[below(words.length)])
    bytes.splice(below(bytes.length), 0, ...word)
  },
  function overwriteByWord(bytes, below, words) {
    const word = new TextEncoder().encode(words[below(words.length)])
    bytes.splice(below(bytes.length), word.length, ...word)
  },
  function changeDigit(bytes, below) {
    const digits = [...bytes.keys()].filter((i) => bytes[i]! >= 48 && bytes[i]! <= 57)
    if (digits.length > 0) bytes[digits[below(digits.length)]!] = 48 + below(10)
  },
]

/** A copy with one change, or up to four. */
export function mutate(
  seed: Uint8Array,
  below: (limit: number) => number,
  words: readonly string[],
): Uint8Array {
  const bytes = [...seed]
  for (
    let changes = below(2) === 0 ? 1 : 1 + below(4);
    changes > 0 && bytes.length > 0;
    changes--
  ) {
    mutations[below(mutations.length)]!(bytes, below, words)
  }
  return Uint8Array.from(bytes)
}

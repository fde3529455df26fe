/** Bytes of WebAssembly, nested as they were put together; flattened once, when the module is made. */
export type Code = number | readonly Code[]

/** Types of values. */
export const types: Readonly<Record<'i32' | 'f32' | 'f64' | 'v128', number>> = {
  i32: 0x7f,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
}

/** An unsigned number in LEB128. */
function unsigned(n: number): number[] {
  const bytes: number[] = []
  do {
    const low = n & 0x7f
    n >>>= 7
    bytes.push(n === 0 ? low : low | 0x80)
  } while (n !== 0)
  return bytes
}

/** A signed 32-bit number in LEB128. */
function signed(n: number): number[] {
  const bytes: number[] = []
  for (;;) {
    const low = n & 0x7f
    n >>= 7
    if ((n === 0 && low < 0x40) || (n === -1 && low >= 0x40)) return [...bytes, low]
    bytes.push(low | 0x80)
  }
}

/** An instruction, as a function of the code of its operands. */
export type Instruction = (...operands: Code[]) => Code

const plain =
  (...bytes: number[]): Instruction =>
  (...operands) => [...operands, bytes]

/** A SIMD instruction by its number. */
export const simd = (number: number): Instruction => plain(0xfd, ...unsigned(number))

/** A load by its opcode and what it aligns to, as a power of 2 that is only a hint. */
const load =
  (...opcode: number[]): Load =>
  (address, offset = 0) => [address, opcode, 0, unsigned(offset)]

/** The code of an address in bytes, which need not be aligned, and a constant to add. */
export type Load = (address: Code, offset?: number) => Code

export const i32: Readonly<
  Record<'add' | 'sub' | 'mul' | 'shl' | 'and' | 'ltU' | 'geU', Instruction>
> & { readonly const: (n: number) => Code; readonly load: Load } = {
  const: (n) => [0x41, signed(n)],
  load: load(0x28),
  add: plain(0x6a),
  sub: plain(0x6b),
  mul: plain(0x6c),
  and: plain(0x71),
  shl: plain(0x74),
  ltU: plain(0x49),
  geU: plain(0x4f),
}

/** Moves the bits of an element of 4 or 8 bytes, from one address to another. */
export const moveElement = (size: number, to: Code, from: Code): Code => {
  const wide = size / 8
  return [to, from, 0x28 + Math.floor(wide), 0, 0, 0x36 + Math.floor(wide), 0, 0]
}

export const local: {
  readonly get: (index: number) => Code
  readonly set: (index: number, value: Code) => Code
  readonly tee: (index: number, value: Code) => Code
} = {
  get: (index) => [0x20, unsigned(index)],
  set: (index, value) => [value, 0x21, unsigned(index)],
  tee: (index, value) => [value, 0x22, unsigned(index)],
}

/** A call of the function that was given this number. */
export const callOf = (index: number, ...operands: Code[]): Code => [
  ...operands,
  0x10,
  unsigned(index),
]

/** Repeats `body` while `again`, asked after it, is not 0. */
export const loop = (body: Code, again: Code): Code => [0x03, 0x40, body, again, 0x0d, 0, 0x0b]

/** Runs `body` when `test` is not 0, else `otherwise`. */
export const when = (test: Code, body: Code, otherwise: Code = []): Code => [
  [test, 0x04, 0x40, body],
  [0x05, otherwise, 0x0b],
]

/** What all vectors have, whatever they hold. */
export const v128: Readonly<
  Record<'not' | 'and' | 'andnot' | 'or' | 'xor' | 'bitselect' | 'anyTrue', Instruction>
> & {
  readonly load: Load
  readonly store: (address: Code, value: Code, offset?: number) => Code
  /** 16 bytes. */
  readonly const: (...bytes: number[]) => Code
  /** The bytes of both that are named: 0 to 15 of the first, 16 to 31 of the second. */
  readonly shuffle: (a: Code, b: Code, ...bytes: number[]) => Code
} = {
  load: load(0xfd, 0),
  store: (address, value, offset = 0) => [address, value, 0xfd, 11, 0, unsigned(offset)],
  not: simd(77),
  and: simd(78),
  andnot: simd(79),
  or: simd(80),
  xor: simd(81),
  // Bits of the first where the third's are 1, else of the second.
  bitselect: simd(82),
  // Whether a bit is 1.
  anyTrue: simd(83),
  const: (...bytes) => [0xfd, 12, bytes],
  shuffle: (a, b, ...bytes) => [a, b, 0xfd, 13, bytes],
}

// The last two yield the first unless the second is smaller or larger: NaN comes from the first only.
const arithmetic = [
  'abs', 'neg', '', 'sqrt', 'add', 'sub', 'mul', 'div', 'min', 'max', 'pmin', 'pmax',
] as const // prettier-ignore
const comparisons = ['eq', 'ne', 'lt', 'gt', 'le', 'ge'] as const
const roundings = ['ceil', 'floor', 'trunc', 'nearest'] as const

type Named =
  | Exclude<(typeof arithmetic)[number], ''>
  | (typeof comparisons)[number]
  | (typeof roundings)[number]

/** The instructions for vectors of floats. Comparisons yield all bits 1 or 0. */
export interface FloatLanes extends Readonly<Record<Named, Instruction>> {
  readonly lanes: number
  /** Of an element, in bytes. */
  readonly size: number
  readonly splat: Instruction
  /** `a · b + c`, rounded once or twice, as is fastest; only where engines know relaxed SIMD. */
  readonly madd: Instruction
  readonly loadSplat: Load
  /** On the bits, as integers as wide as an element; counts are of i32. */
  readonly bits: Readonly<Record<'shl' | 'shr' | 'add' | 'sub', Instruction>>
}

function floatLanes(
  lanes: number,
  first: { arithmetic: number; comparison: number; roundings: readonly number[]; splat: number },
  madd: number,
  loadSplat: number,
  bits: number,
): FloatLanes {
  const named = Object.fromEntries([
    ...arithmetic.map((name, k) => [name, simd(first.arithmetic + k)]),
    ...comparisons.map((name, k) => [name, simd(first.comparison + k)]),
    ...roundings.map((name, k) => [name, simd(first.roundings[k]!)]),
  ]) as Record<Named, Instruction>
  const { splat } = first
  return {
    ...named,
    lanes,
    size: 16 / lanes,
    splat: simd(splat),
    madd: simd(madd),
    loadSplat: load(0xfd, loadSplat),
    bits: { shl: simd(bits), shr: simd(bits + 2), add: simd(bits + 3), sub: simd(bits + 6) },
  }
}

export const f32x4: FloatLanes = floatLanes(
  4,
  { arithmetic: 224, comparison: 65, roundings: [103, 104, 105, 106], splat: 19 },
  261,
  9,
  171,
)
export const f64x2: FloatLanes = floatLanes(
  2,
  { arithmetic: 236, comparison: 71, roundings: [116, 117, 122, 148], splat: 20 },
  263,
  10,
  203,
)

/** A function of a module. */
export interface Func {
  readonly name: string
  readonly params: readonly number[]
  readonly results?: readonly number[]
  /** Numbered after the params. */
  readonly locals?: readonly number[]
  readonly body: Code
}

const section = (id: number, items: readonly Code[]): Code =>
  block(id, [unsigned(items.length), items])

function block(id: number | null, content: Code): Code {
  const bytes = flatten(content)
  return [id === null ? [] : id, unsigned(bytes.length), bytes]
}

const text = (s: string): Code => [unsigned(s.length), [...s].map((c) => c.charCodeAt(0))]

function flatten(code: Code): number[] {
  return (Array.isArray(code) ? code.flat(Infinity) : [code]) as number[]
}

/**
 * The bytes of a module that exports `functions` and works on the memory imported as `m.m`. Functions
 * are numbered in their order.
 */
export function assemble(functions: readonly Func[], shared = false): Uint8Array<ArrayBuffer> {
  const limits = shared ? [3, 0, unsigned(65536)] : [0, 0]
  return Uint8Array.from(
    flatten([
      [0, 97, 115, 109, 1, 0, 0, 0],
      section(
        1,
        functions.map(({ params, results = [] }) => [
          0x60,
          [unsigned(params.length), params],
          [unsigned(results.length), results],
        ]),
      ),
      section(2, [[text('m'), text('m'), 2, limits]]),
      section(
        3,
        functions.map((_, k) => unsigned(k)),
      ),
      section(
        7,
        functions.map(({ name }, k) => [text(name), 0, unsigned(k)]),
      ),
      section(
        10,
        functions.map(({ locals = [], body }) =>
          block(null, [unsigned(locals.length), locals.map((type) => [1, type]), body, 0x0b]),
        ),
      ),
    ]),
  )
}

import { leaves, type Expr } from '../scalar/expr.ts'
import type { ScalarKernel } from '../scalar/kernel.ts'
import { assemble, i32, local, loop, types, v128 } from './assembler.ts'
import { engine } from './engine.ts'
import { forms, functions } from './functions.ts'
import { instantiate, onDemand, scratchStart } from './memory.ts'
import * as v from './vectors.ts'
import type { Vector } from './vectors.ts'

/** How many vectors are worked on at once. */
const VECTORS = 4
/** The same in bytes. */
export const BLOCK: number = 16 * VECTORS

/** Bytes of each operand that are worked on at a time, so that all of them stay in a cache. */
export const CHUNK: number = 1 << 16

/**
 * Where the parameters are found (0), then each input and each output: places that are not a power of 2 apart,
 * as such are one in a cache.
 */
export const placeOf = (operand: number): number => scratchStart + operand * (CHUNK + 16 * BLOCK)

/**
 * Runs formulas over so many bytes, at most {@link CHUNK}, of each operand at its place. There is one vector
 * for each parameter and each uniform input. Not 0 when a result may be wrong, because a function was called
 * outside of the domain of its form.
 */
export type VectorLoop = (bytes: number) => number

/** How a kernel runs in vectors. */
export interface VectorForm {
  /** The conditions that depend on parameters only, so that they are settled before a loop runs. */
  readonly tests: readonly Expr[]
  /** Whether a function is called that takes long. */
  readonly isLong: boolean
  /**
   * The loop for a key, whose bits say, from the lowest on, whether elements are float32, which inputs are
   * uniform, one number for all elements, and which tests hold; null where there is no WebAssembly, or none
   * with vectors.
   */
  readonly loopFor: (key: number) => VectorLoop | null
}

/** Keys have no bits for more inputs and tests than this. */
const MOST = 30

/** Null when a primitive has no form for vectors, or all that is done is to move elements. */
export function vectorForm(kernel: ScalarKernel): VectorForm | null {
  const { formulas, inputs } = kernel
  const found = new Set<Expr>()
  const seen = new Set<Expr>()
  let isLong = false
  const haveForms = ({ kind, primitive, args }: Expr): boolean => {
    if (kind !== 'call') return true
    const { name } = primitive!
    if (name === 'select' && leaves([args[0]!]).every((leaf) => leaf.kind === 'param')) {
      found.add(args[0]!)
    }
    isLong ||= name in functions
    return name in forms && args.every((arg) => seen.has(arg) || haveForms(seen.add(arg) && arg))
  }
  if (!formulas.every(haveForms) || formulas.every(({ kind }) => kind !== 'call')) return null
  const tests = [...found]
  if (inputs + tests.length > MOST) return null
  return { tests, isLong, loopFor: onDemand((key) => vectorLoop(kernel, tests, key)) }
}

/** Has only the branches that settled conditions take. */
function vectorLoop(
  { formulas, inputs }: ScalarKernel,
  tests: readonly Expr[],
  key: number,
): VectorLoop {
  const at = 1
  const still = i32.const(0)

  const value = (expr: Expr): Vector =>
    v.once(expr, () => {
      const { kind, index, primitive, args } = expr
      if (kind === 'constant') return v.c(expr.value)
      if (kind === 'param') return v.load(still, placeOf(0) + 16 * index)
      if (kind !== 'call') {
        const place = placeOf(1 + index)
        return key & (2 << index)
          ? v.load(still, place)
          : v.hold((u) => v128.load(local.get(at), place + 16 * u))
      }
      if (primitive!.isTest) return v.and(mask(expr), v.c(1))
      if (primitive!.name !== 'select') return forms[primitive!.name]!(...args.map(value))
      const [test, yes, no] = args as [Expr, Expr, Expr]
      const which = tests.indexOf(test)
      return which < 0
        ? v.choose(value(yes), value(no), mask(test))
        : value(key & (2 << (inputs + which)) ? yes : no)
    })
  /** All bits 1 where `expr` holds, which is where it is not 0. */
  const mask = (expr: Expr): Vector =>
    v.once(`if ${expr.key}`, () => {
      const { primitive, args } = expr
      if (!primitive?.isTest) return v.ne(value(expr), v.c(0))
      const { name } = primitive
      return forms[name]!(...args.map(name === 'and' || name === 'or' ? mask : value))
    })

  const bytes = (): Uint8Array<ArrayBuffer> => {
    const { code, locals, isRare } = v.write(key % 2 === 1, relaxed, VECTORS, at + 1, () => {
      for (const [k, result] of formulas.map(value).entries()) {
        const place = placeOf(1 + inputs + k)
        v.append((u) => v128.store(local.get(at), result[u]!, place + 16 * u))
      }
    })
    const step = local.tee(at, i32.add(local.get(at), i32.const(BLOCK)))
    const run = {
      name: 'run',
      params: [types.i32],
      results: [types.i32],
      locals: [types.i32, ...locals],
      body: [loop(code, i32.ltU(step, local.get(0))), isRare],
    }
    return assemble([run])
  }
  const code = bytes()
  relaxed &&= engine.validate(code)
  return instantiate(relaxed ? code : bytes())['run'] as VectorLoop
}

/** Whether the engine knows relaxed SIMD, as far as is known. */
let relaxed = true

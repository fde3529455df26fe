import { leaves, type Expr } from '../scalar/expr.ts'
import type { ScalarKernel } from '../scalar/kernel.ts'
import { assemble, i32, local, loop, types, v128, type Code } from './assembler.ts'
import { engine } from './engine.ts'
import { forms } from './functions.ts'
import { instantiate } from './memory.ts'
import * as v from './vectors.ts'
import type { Vector } from './vectors.ts'

/** How many vectors are worked on at once. */
const VECTORS = 4
/** The same in bytes. */
export const BLOCK: number = 16 * VECTORS

/**
 * `(bytes, params, …inputs, …outputs)` runs formulas over as many bytes of each operand, a multiple of
 * {@link BLOCK}, at these addresses. There is one vector for each parameter and each uniform input. Not 0
 * when a result may be wrong, because a function was called outside of the domain of its form.
 */
export type VectorLoop = (...args: number[]) => number

/**
 * The conditions in formulas that depend on parameters only, so that they are settled before a loop runs;
 * null when a primitive has no form for vectors, or all that is done is to move elements.
 */
export function settledBefore(formulas: readonly Expr[]): Expr[] | null {
  const tests = new Set<Expr>()
  const seen = new Set<Expr>()
  const haveForms = ({ kind, primitive, args }: Expr): boolean => {
    if (kind !== 'call') return true
    if (primitive!.name === 'select' && leaves([args[0]!]).every((leaf) => leaf.kind === 'param')) {
      tests.add(args[0]!)
    }
    return (
      primitive!.name in forms &&
      args.every((arg) => seen.has(arg) || haveForms(seen.add(arg) && arg))
    )
  }
  const runs = formulas.every(haveForms) && formulas.some(({ kind }) => kind === 'call')
  return runs ? [...tests] : null
}

/**
 * The loop for a kernel, some inputs of which are uniform: one number for all elements. It has only the
 * branches that settled conditions take.
 */
export function vectorLoop(
  { formulas, inputs }: ScalarKernel,
  uniform: readonly boolean[],
  settled: ReadonlyMap<Expr, boolean>,
  single: boolean,
): VectorLoop {
  const operands = 2 + inputs + formulas.length
  const at = operands
  const place = (operand: number): Code => i32.add(local.get(operand), local.get(at))

  const value = (expr: Expr): Vector =>
    v.once(expr, () => {
      const { kind, index, primitive, args } = expr
      if (kind === 'constant') return v.c(expr.value)
      if (kind === 'param') return v.load(local.get(1), 16 * index)
      if (kind !== 'call') {
        return uniform[index]
          ? v.load(local.get(2 + index), 0)
          : v.hold((u) => v128.load(place(2 + index), 16 * u))
      }
      if (primitive!.isTest) return v.and(mask(expr), v.c(1))
      if (primitive!.name !== 'select') return forms[primitive!.name]!(...args.map(value))
      const [test, yes, no] = args as [Expr, Expr, Expr]
      const holds = settled.get(test)
      return holds === undefined
        ? v.choose(value(yes), value(no), mask(test))
        : value(holds ? yes : no)
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
    const { code, locals, isRare } = v.write(single, relaxed, VECTORS, at + 1, () => {
      for (const [k, result] of formulas.map(value).entries()) {
        v.append((u) => v128.store(place(2 + inputs + k), result[u]!, 16 * u))
      }
    })
    const step = local.tee(at, i32.add(local.get(at), i32.const(BLOCK)))
    const run = {
      name: 'run',
      params: Array<number>(operands).fill(types.i32),
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

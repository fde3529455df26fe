import { backend, type Operand } from '../backend.ts'
import { getDefaultDtype, isFloat, isStored, resultType, type DType } from '../dtype.ts'
import { DTypeError } from '../errors.ts'
import { Layout } from '../layout.ts'
import { apply, broadcasting, OUT, type Op, type Rule } from '../op.ts'
import { COTANGENT, derive, OUTPUT } from '../scalar/derive.ts'
import { condition, input, leaves, param, type Expr } from '../scalar/expr.ts'
import { arity, kernelOf, type ScalarKernel } from '../scalar/kernel.ts'
import { broadcastShapes, sameShape, type Shape } from '../shape.ts'
import { Storage } from '../storage.ts'
import { Tensor } from '../tensor.ts'
import { castTo, computable } from './cast.ts'
import { fullOf } from './creation.ts'
import { checkTensor } from './entry.ts'
import { expandTo, sumTo } from './spread.ts'

/** The numbers that a formula is given at run time. */
type Params = readonly number[]

/**
 * An op that applies a formula to each element, its inputs broadcast as views. Its rules are
 * derived from the formula, and are such ops again.
 */
class ElementwiseOp implements Op<Params> {
  readonly kind = 'elementwise'
  readonly batch = broadcasting
  readonly name: string
  readonly #formula: Expr
  readonly #kernel: ScalarKernel
  readonly #tests: boolean
  /** The input whose dtype the output has; -1 when all are conditions. */
  readonly #typed: number
  readonly #rules: (Rule<Params> | undefined)[] = []

  constructor(name: string, formula: Expr, tests: boolean) {
    this.name = name
    this.#formula = formula
    this.#tests = tests
    const { inputs, params } = arity([formula])
    this.#kernel = kernelOf([formula], inputs, params)
    this.#typed = leaves([formula]).find((leaf) => leaf.kind === 'input')?.index ?? -1
  }

  forward(inputs: readonly Tensor[], params: Params): Tensor {
    const first = inputs[0]!.layout
    let shape = first.shape
    let operands: readonly Operand[] = inputs
    for (let k = 1; k < inputs.length; k++) {
      const { layout } = inputs[k]!
      if (layout === first || sameShape(layout.shape, shape)) continue
      for (const x of inputs) shape = broadcastShapes(this.name, shape, x.layout.shape)
      // A constant of this block: for a variable that a closure sees each call would make a place.
      const to = shape
      operands = inputs.map((x) => expanded(x, to))
      break
    }
    const { numel } = first
    const layout =
      shape === first.shape && first.isContiguous && first.offset === 0 && numel > 0
        ? first
        : Layout.contiguous(shape)
    const dtype = this.#tests
      ? 'bool'
      : this.#typed < 0
        ? getDefaultDtype()
        : inputs[this.#typed]!.storage.dtype
    const out = new Tensor(Storage.empty(dtype, layout.numel), layout)
    backend.elementwise(this.#kernel, operands, params, [out])
    return out
  }

  rule(i: number): Rule<Params> | null {
    return this.#tests ? null : (this.#rules[i] ??= this.#derive(i))
  }

  /** For functions of scalars both products are `t · ∂y/∂xᵢ`: the rule, at the output's shape. */
  push(
    i: number,
    tangent: Tensor,
    inputs: readonly Tensor[],
    out: Tensor,
    attributes: Params,
  ): Tensor | null {
    const rule = this.rule(i)
    if (rule === null) return null
    const { shape, dtype } = out
    const saved = rule.saves.map((k) => (k === OUT ? out : inputs[k]!))
    return rule.pull(expandTo(tangent, shape), saved, { attributes, shape, dtype })
  }

  #derive(i: number): Rule<Params> {
    const derivative = derive(this.#formula, i)
    if (derivative === null) return zeroRule
    const { formula, sources, params } = derivative
    if (formula === input(0) && sources[0] === COTANGENT) return identityRule
    // One suffix for all orders: the derivatives of a product, say, are products again.
    const op = elementwiseOp(this.name.replace(/(Backward)?$/, 'Backward'), formula)
    const saves = sources.filter((source) => source !== COTANGENT)
    const slots = saves.map((source) => (source === OUTPUT ? OUT : source))
    const positions = sources.map((source) => saves.indexOf(source))
    const all = params.every((index, k) => index === k)
    return {
      saves: slots,
      pull(ct, saved, { attributes, shape }) {
        const inputs = new Array<Tensor>(positions.length)
        for (let k = 0; k < inputs.length; k++) {
          inputs[k] = positions[k]! < 0 ? ct : saved[positions[k]!]!
        }
        const numbers = all ? attributes : params.map((index) => attributes[index]!)
        return sumTo(apply(op, inputs, numbers), shape)
      },
    }
  }
}

const identityRule: Rule<Params> = { saves: [], pull: (ct, _, { shape }) => sumTo(ct, shape) }
const zeroRule: Rule<Params> = {
  saves: [],
  pull: (_, __, { shape, dtype }) => fullOf(shape, 0, dtype),
}

export function expanded(x: Operand, shape: Shape): Operand {
  const { storage, layout } = x
  return sameShape(layout.shape, shape) ? x : new Tensor(storage, layout.expand(shape))
}

const ops: Record<string, Op<Params>> = {}

/** The op of a formula, one for equal names and formulas; `tests` makes its results bool. */
export function elementwiseOp(name: string, formula: Expr, tests = false): Op<Params> {
  const key = `${name}:${formula.key}${tests ? '?' : ''}`
  return (ops[key] ??= new ElementwiseOp(name, formula, tests))
}

/**
 * What the results are: of the operands' promoted dtype, of that as a float, or bool.
 * `'number'` is the first for ops that PyTorch refuses for bool tensors.
 */
export type ResultType = 'same' | 'number' | 'float' | 'bool'

/** An elementwise function over tensors and numbers, as the table defines it. */
export interface Formula {
  readonly name: string
  readonly result: ResultType
  /** How many operands may be tensors; further arguments of `build` are parameters. */
  readonly operands: number
  /** Whether the first operand is a condition. */
  readonly conditional?: boolean
  readonly build: (...args: Expr[]) => Expr
}

/** The ops of one formula, by which operands are numbers. */
export class Variants {
  readonly formula: Formula
  readonly #ops: (Op<Params> | undefined)[] = []

  constructor(formula: Formula) {
    this.formula = formula
  }

  op(numbers: number): Op<Params> {
    return (this.#ops[numbers] ??= this.#make(numbers))
  }

  #make(numbers: number): Op<Params> {
    const { name, operands, conditional, build, result } = this.formula
    let inputs = 0
    let params = 0
    const args = Array.from({ length: Math.max(build.length, operands) }, (_, i) => {
      if (i >= operands || numbers & (1 << i)) return param(params++)
      return conditional && i === 0 ? condition(inputs++) : input(inputs++)
    })
    return elementwiseOp(name, build(...args), result === 'bool')
  }
}

/** Applies a formula: promotes dtypes, makes numbers parameters, passes the door. */
export function applyFormula(
  variants: Variants,
  operands: readonly (Tensor | number)[],
  params: Params,
): Tensor {
  const { name, result, conditional } = variants.formula
  let numbers = 0
  let given = 0
  let dtype: DType | null = null
  let mixed = false
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i]!
    if (typeof operand === 'number') {
      numbers |= 1 << i
      given++
      continue
    }
    const own = checkTensor(name, operand).storage.dtype
    if (!isFloat(own) && isStored(own)) {
      return applyFormula(variants, operands.map(computable) as typeof operands, params)
    }
    if (conditional && i === 0) {
      if (own !== 'bool') throw conditionError(name, own)
    } else if (dtype === null) {
      dtype = own
    } else if (dtype !== own) {
      mixed = true
    }
  }
  let tensors = operands as readonly Tensor[]
  let all = params
  if (numbers !== 0) {
    ;[tensors, all] = separate(operands, given, params)
    if (tensors.length === 0) {
      const [first, ...rest] = operands
      return applyFormula(
        variants,
        [fullOf([], first as number, getDefaultDtype()), ...rest],
        params,
      )
    }
  }
  if (mixed) dtype = resultType(conditional ? tensors.slice(1) : tensors)
  if (dtype !== null && !isFloat(dtype)) {
    checkNumbers(name, result, dtype, all, numbers !== 0)
    if (result === 'float') {
      dtype = getDefaultDtype()
      mixed = true
    }
  }
  if (mixed) {
    const to = dtype!
    tensors = tensors.map((x, k) => (conditional && k === 0 ? x : castTo(x, to)))
  }
  return apply(variants.op(numbers), tensors, all)
}

/** The tensors among the operands, and the numbers, of which there are `given`, with the parameters after them. */
function separate(
  operands: readonly (Tensor | number)[],
  given: number,
  params: Params,
): [tensors: Tensor[], numbers: number[]] {
  const tensors = new Array<Tensor>(operands.length - given)
  const numbers = new Array<number>(given)
  let t = 0
  let n = 0
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i]!
    if (typeof operand === 'number') numbers[n++] = operand
    else tensors[t++] = operand
  }
  return [tensors, params.length > 0 ? [...numbers, ...params] : numbers]
}

function conditionError(name: string, dtype: DType): DTypeError {
  return new DTypeError(
    `${name}: expected a bool tensor as the condition, got ${dtype}; compare first, as in x.gt(0)`,
  )
}

/** Numbers take the tensor's dtype, so they must have a value there. */
function checkNumbers(
  name: string,
  result: ResultType,
  dtype: DType,
  numbers: Params,
  operandNumbers: boolean,
): void {
  if (result === 'bool' || result === 'float') return
  if (dtype === 'bool' && (result === 'number' || operandNumbers)) {
    throw new DTypeError(
      `${name}: not defined for bool tensors${operandNumbers ? ' with numbers' : ''}; convert with .to('int32') or a float dtype first`,
    )
  }
  const fraction = numbers.find((value) => !Number.isInteger(value) && Math.abs(value) !== Infinity)
  if (dtype === 'int32' && fraction !== undefined) {
    throw new DTypeError(
      `${name}: the number ${fraction} has no value in int32, and a number never changes a tensor's dtype; ` +
        "convert the tensor with .to('float32') first",
    )
  }
}

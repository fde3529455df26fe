import type { DType, TypedArray } from '../dtype.ts'
import { encodings } from '../encoding.ts'
import type { Expr } from './expr.ts'
import { environment } from './primitives.ts'

/**
 * How a loop steps through one operand: not at all, by one, by a stride that it is given, or by one and from
 * the start again after as many elements as it is given.
 */
export type Step = 'still' | 'next' | 'stride' | 'repeat'

export interface LoopShape {
  /** Distinguishes this loop's text: V8 shares type feedback between functions of equal text. */
  readonly label: string
  /** One for each output, then one for each input. */
  readonly steps: readonly Step[]
  readonly dtypes: readonly DType[]
  readonly outputs: number
}

/**
 * Runs over `n` elements: `(n, params, array, start, stride, array, start, stride, …)` with the
 * outputs first, then the inputs.
 */
export type Loop = (
  n: number,
  params: readonly number[],
  ...operands: readonly (TypedArray | number)[]
) => void

const names = Object.keys(environment)
const functions: unknown[] = Object.values(environment)
for (const [dtype, { read, write }] of Object.entries(encodings)) {
  names.push(`${dtype}Read`, `${dtype}Write`)
  functions.push(read, write)
}

/** Whether a loop only moves elements, so that it need not know how they are encoded. */
export function moves(formulas: readonly Expr[], dtypes: readonly DType[]): boolean {
  return formulas.every(({ kind }) => kind === 'input') && dtypes.every((x) => x === dtypes[0])
}

/**
 * JavaScript for one row of an elementwise kernel. Each set of dtypes and steps gets a function of
 * its own, so that V8 sees one kind of array at every access.
 */
export function generateLoop(formulas: readonly Expr[], params: number, shape: LoopShape): Loop {
  const { label, steps, dtypes, outputs } = shape
  const index = (k: number): string =>
    `s${k} + ${steps[k] === 'stride' ? `i * d${k}` : steps[k] === 'repeat' ? `i${k}` : 'i'}`
  const body = new Body(dtypes[0] === 'int32')
  const asNumbers = !moves(formulas, dtypes)
  const coded = (k: number, how: 'Read' | 'Write', value: string): string =>
    asNumbers && encodings[dtypes[k]!] ? `${dtypes[k]}${how}(${value})` : value
  const round = dtypes.includes('float32') ? 'Math.fround' : ''
  const head = Array.from({ length: params }, (_, k) => `const p${k} = ${round}(p[${k}])`)
  for (let k = outputs; k < steps.length; k++) {
    const still = steps[k] === 'still'
    const element = `a${k}[${still ? `s${k}` : index(k)}]`
    ;(still ? head : body.lines).push(`const x${k - outputs} = ${coded(k, 'Read', element)}`)
    if (steps[k] === 'repeat') {
      head.push(`let i${k} = 0`)
      body.lines.push(`if (++i${k} === d${k}) i${k} = 0`)
    }
  }
  body.share(formulas)
  // All results stand before the first is stored: an update's formulas read what they overwrite.
  const stores = formulas.map((formula, k) => {
    const value = dtypes[k] === 'bool' ? `${body.test(formula)} ? 1 : 0` : body.value(formula)
    body.lines.push(`const r${k} = ${coded(k, 'Write', value)}`)
    return `a${k}[${index(k)}] = r${k}`
  })
  const source = `'use strict' // ${label}
return (n, p, ${steps.map((_, k) => `a${k}, s${k}, d${k}`).join(', ')}) => {
${head.join('\n')}
for (let i = 0; i < n; i++) {
${body.lines.join('\n')}
${stores.join('\n')}
}
}`
  return new Function(...names, source)(...functions) as Loop
}

/** The statements of one iteration; what is used more than once gets a name. */
class Body {
  readonly lines: string[] = []
  readonly #ints: boolean
  readonly #named = new Map<Expr, string>()

  constructor(ints: boolean) {
    this.#ints = ints
  }

  share(formulas: readonly Expr[]): void {
    const uses = new Map<Expr, number>()
    const order: Expr[] = []
    const count = (expr: Expr): void => {
      const seen = uses.get(expr) ?? 0
      uses.set(expr, seen + 1)
      if (seen > 0) return
      expr.args.forEach(count)
      order.push(expr)
    }
    formulas.forEach(count)
    for (const expr of order) {
      if (expr.kind !== 'call' || uses.get(expr)! < 2) continue
      const name = `t${this.#named.size}`
      this.lines.push(`const ${name} = ${this.value(expr)}`)
      this.#named.set(expr, name)
    }
  }

  tests(expr: Expr): boolean {
    return expr.primitive?.isTest === true && !this.#named.has(expr)
  }

  /** JavaScript for the number that `expr` is. */
  value(expr: Expr): string {
    const name = this.#named.get(expr)
    if (name !== undefined) return name
    switch (expr.kind) {
      case 'input':
      case 'condition':
        return `x${expr.index}`
      case 'param':
        return `p${expr.index}`
      case 'constant':
        return literal(expr.value)
      case 'call':
        return expr.primitive!.isTest ? `(${this.test(expr)} ? 1 : 0)` : this.#fill(expr)
    }
  }

  /** JavaScript for the boolean that a test is. */
  test(expr: Expr): string {
    return this.tests(expr) ? this.#fill(expr) : `(${this.value(expr)} !== 0)`
  }

  #fill(expr: Expr): string {
    const primitive = expr.primitive!
    const { source } = (this.#ints && primitive.ints) || primitive
    return source
      .replace(/#(\d) !== 0/g, (_, i: string) => this.test(expr.args[Number(i)]!))
      .replace(/#(\d)/g, (_, i: string) => this.value(expr.args[Number(i)]!))
  }
}

function literal(value: number): string {
  return value < 0 || Object.is(value, -0) ? `(${Object.is(value, -0) ? '-0' : value})` : `${value}`
}

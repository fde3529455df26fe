/**
 * Expressions over scalars: what an elementwise op computes for one element. They are interned,
 * so equal expressions are one object and shared subexpressions are found by identity.
 */
export interface Expr {
  readonly kind: 'input' | 'condition' | 'param' | 'constant' | 'call'
  /** Which input (or condition: an input that is bool and joins no promotion) or parameter. */
  readonly index: number
  /** The number, of a constant. */
  readonly value: number
  /** What is called, and with what. */
  readonly primitive: Primitive | null
  readonly args: readonly Expr[]
  /** Equal keys, equal expressions. */
  readonly key: string
}

/** A function of scalars that expressions are built of; the only place where derivatives are written. */
export interface Primitive {
  readonly name: string
  /** The definition. */
  readonly evaluate: (...args: number[]) => number
  /** JavaScript for a generated loop, `#0 #1 …` for the arguments. */
  readonly source: string
  /** Both again for int32, where they differ. */
  readonly ints?: Pick<Primitive, 'evaluate' | 'source'>
  /** Yields 0 or 1, and its source a JavaScript boolean. */
  readonly isTest: boolean
  /**
   * The tangent of `y = primitive(...x)` from those of the arguments (null where zero): linear in
   * `t`, and zero as null.
   */
  readonly tangent: (t: readonly (Expr | null)[], x: readonly Expr[], y: Expr) => Expr | null
}

const interned: Record<string, Expr> = {}
let serial = 0

function intern(
  content: string,
  kind: Expr['kind'],
  index: number,
  value: number,
  primitive: Primitive | null,
  args: readonly Expr[],
): Expr {
  return (interned[content] ??= {
    kind,
    index,
    value,
    primitive,
    args,
    key: kind === 'call' ? `$${serial++}` : content,
  })
}

/** The i-th input's element. */
export function input(i: number): Expr {
  return intern(`x${i}`, 'input', i, 0, null, [])
}

/** The i-th input's element, where that input is a bool tensor. */
export function condition(i: number): Expr {
  return intern(`c${i}`, 'condition', i, 0, null, [])
}

/** The i-th number that the op is given when it runs. */
export function param(i: number): Expr {
  return intern(`p${i}`, 'param', i, 0, null, [])
}

/** A number that belongs to the formula itself. */
export function constant(value: number): Expr {
  return intern(Object.is(value, -0) ? '-0' : String(value), 'constant', 0, value, null, [])
}

export function call(primitive: Primitive, args: readonly Expr[]): Expr {
  if (args.every((arg) => arg.kind === 'constant')) {
    return constant(primitive.evaluate(...args.map((arg) => arg.value)))
  }
  const content = `${primitive.name}(${args.map((arg) => arg.key).join(',')})`
  return intern(content, 'call', 0, 0, primitive, args)
}

/** The leaves of an expression, each once, in the order in which they are first met. */
export function leaves(roots: readonly Expr[]): Expr[] {
  const seen = new Set<Expr>()
  const found: Expr[] = []
  const walk = (expr: Expr): void => {
    if (seen.has(expr)) return
    seen.add(expr)
    if (expr.kind === 'call') expr.args.forEach(walk)
    else if (expr.kind !== 'constant') found.push(expr)
  }
  roots.forEach(walk)
  return found
}

/** `expr` with some of its subexpressions exchanged. */
export function substitute(expr: Expr, exchange: ReadonlyMap<Expr, Expr>): Expr {
  const done = new Map<Expr, Expr>(exchange)
  const walk = (e: Expr): Expr => {
    let result = done.get(e)
    if (result === undefined) {
      result = e.primitive === null ? e : call(e.primitive, e.args.map(walk))
      done.set(e, result)
    }
    return result
  }
  return walk(expr)
}

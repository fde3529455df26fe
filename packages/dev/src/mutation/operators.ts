import ts from 'typescript-5'
import type { Place } from './places.ts'

/** A piece of text in the place of another. */
export interface Change {
  readonly operator: Operator
  readonly start: number
  readonly end: number
  readonly text: string
  /** The code around it. */
  readonly within: string
}

/** What a mutation does, in the words of the report. */
export type Operator =
  | 'sign turned'
  | 'factor 2'
  | 'call dropped'
  | 'reduction dropped'
  | 'operands swapped'
  | 'term dropped'
  | 'function exchanged'
  | 'number changed'
  | 'sum or product exchanged'
  | 'condition changed'
  | 'condition negated'
  | 'flag flipped'
  | 'order of two changed'
  | 'saved input replaced'
  | 'batch attributes as they were'
  | 'rule missing'

/** What is done to its first argument is left out. */
const droppable = new Set(
  (
    'castTo clone constantOf contiguousOf expandTo inverse matrixTranspose moved neg permuteBy ' +
    'reshapeTo shifted spread sumTo exp sqrt sign'
  ).split(' '),
)

/** Functions whose first two arguments are not alike. */
const ordered = new Set(
  'sub div pow product recurrenceOf convolutionOf transposedConvolutionOf correlationOf lt gt'.split(
    ' ',
  ),
)

/** What may stand in the place of a function, where the file knows it. */
const exchanges: Readonly<Record<string, readonly string[]>> = {
  add: ['sub'],
  sub: ['add'],
  mul: ['div', 'add'],
  div: ['mul'],
  sin: ['cos'],
  cos: ['sin'],
  sinh: ['cosh'],
  cosh: ['sinh'],
  log: ['exp'],
  exp: ['log'],
  eq: ['ne'],
  lt: ['ge', 'le'],
  gt: ['le', 'ge'],
  ge: ['lt', 'gt'],
  and: ['or'],
  trunc: ['floor'],
  floorQuotient: ['div'],
  sigmoid: ['tanh'],
  sliceOf: ['embedIn'],
  'Math.max': ['Math.min'],
  'Math.min': ['Math.max'],
  'Math.floor': ['Math.ceil'],
  'Math.ceil': ['Math.floor'],
}

const tokens: Readonly<Record<string, readonly (readonly [Operator, string])[]>> = {
  '+': [['sum or product exchanged', '-']],
  '-': [['sum or product exchanged', '+']],
  '*': [['sum or product exchanged', '+']],
  '/': [['sum or product exchanged', '*']],
  '<': [
    ['condition negated', '>='],
    ['condition changed', '<='],
  ],
  '<=': [
    ['condition negated', '>'],
    ['condition changed', '<'],
  ],
  '>': [
    ['condition negated', '<='],
    ['condition changed', '>='],
  ],
  '>=': [
    ['condition negated', '<'],
    ['condition changed', '>'],
  ],
  '===': [['condition negated', '!==']],
  '!==': [['condition negated', '===']],
  '&&': [['condition changed', '||']],
  '||': [['condition changed', '&&']],
  '||=': [['condition changed', '=']],
  '+=': [['sum or product exchanged', '-=']],
  '*=': [['sum or product exchanged', '+=']],
}

/** All changes of one place. */
export function changesOf(place: Place): Change[] {
  const source = place.node.getSourceFile()
  const found: Change[] = []
  const change = (operator: Operator, node: ts.Node, text: string): void => {
    const [start, end] = [node.getStart(source), node.end]
    const known = found.some((c) => c.start === start && c.end === end && c.text === text)
    if (text !== source.text.slice(start, end) && !known)
      found.push({ operator, start, end, text, within: node.parent.getText() })
  }
  for (const result of resultsOf(place)) {
    const text = result.getText()
    const scalar = place.part === 'primitive'
    change('sign turned', result, scalar ? `neg(${text})` : `(${text}).neg()`)
    change('factor 2', result, scalar ? `mul(2, ${text})` : `(${text}).mul(2)`)
  }
  changeWhole(place, change)
  visit(place.node, change, new Set(source.text.match(/\b\w+(?=\()/g)))
  return found
}

type Report = (operator: Operator, node: ts.Node, text: string) => void

function visit(node: ts.Node, change: Report, known: ReadonlySet<string>): void {
  // Messages and checks are no rules.
  if (ts.isTypeNode(node) || ts.isThrowStatement(node) || ts.isTemplateExpression(node)) return
  if (ts.isParameter(node)) return
  const next = (child: ts.Node): void => visit(child, change, known)
  if (ts.isIfStatement(node)) {
    if (throws(node.thenStatement)) {
      if (node.elseStatement) next(node.elseStatement)
      return
    }
    changeCondition(node.expression, change)
  } else if (ts.isConditionalExpression(node)) {
    changeCondition(node.condition, change)
  } else if (ts.isForStatement(node)) {
    // Without its step a loop never ends.
    for (const part of [node.initializer, node.condition, node.statement]) if (part) next(part)
    return
  } else if (ts.isCallExpression(node)) {
    changeCall(node, change, known)
  } else if (ts.isBinaryExpression(node)) {
    changeBinary(node, change)
  } else if (ts.isNumericLiteral(node)) {
    changeNumber(node, change)
  } else if (ts.isPropertyAccessExpression(node) && /^Math\.(LN2|LN10)$/.test(node.getText())) {
    change('number changed', node, '1')
  } else if (ts.isIdentifier(node) && node.text === 'TWO_OVER_SQRT_PI') {
    change('number changed', node, '1')
  } else if (ts.isPrefixUnaryExpression(node)) {
    const { operator, operand } = node
    if (operator === ts.SyntaxKind.ExclamationToken) {
      change('condition negated', node, operand.getText())
    } else if (operator === ts.SyntaxKind.MinusToken) {
      change('sign turned', node, operand.getText())
    }
  } else if (node.kind === ts.SyntaxKind.TrueKeyword) {
    change('flag flipped', node, 'false')
  } else if (node.kind === ts.SyntaxKind.FalseKeyword) {
    change('flag flipped', node, 'true')
  } else if (ts.isArrayLiteralExpression(node) && node.elements.length > 1) {
    const [first, second, ...rest] = node.elements.map((element) => element.getText())
    change('order of two changed', node, `[${[second, first, ...rest].join(', ')}]`)
  }
  ts.forEachChild(node, next)
}

/** Whether it ends by throwing. */
function throws(node: ts.Statement): boolean {
  const last = ts.isBlock(node) ? node.statements.at(-1) : node
  return last !== undefined && ts.isThrowStatement(last)
}

/** Tests of two numbers have changes of their own. */
function changeCondition(node: ts.Expression, change: Report): void {
  const negated =
    ts.isBinaryExpression(node) && /^([<>]=?|[!=]==)$/.test(node.operatorToken.getText())
  if (!negated && !ts.isPrefixUnaryExpression(node)) {
    change('condition negated', node, `!(${node.getText()})`)
  }
}

function changeCall(node: ts.CallExpression, change: Report, known: ReadonlySet<string>): void {
  const name = node.expression.getText()
  const args = node.arguments.map((arg) => arg.getText())
  const [a, b, ...rest] = args
  const call = (...all: (string | undefined)[]): string => `${name}(${all.join(', ')})`
  if (droppable.has(name) && a !== undefined) change('call dropped', node, a)
  if (name === 'sumOver') change('reduction dropped', node, `${FIRST_OF}(${args.join(', ')})`)
  if (ordered.has(name)) change('operands swapped', node, call(b, a, ...rest))
  if (name === 'select') change('condition negated', node, call(a, rest[0], b))
  if (['add', 'sub', 'mul'].includes(name) && args.length === 2) {
    change('term dropped', node, a!)
    change('term dropped', node, name === 'sub' ? `neg(${b})` : b!)
  }
  if (name === 'div') change('term dropped', node, a!)
  for (const other of exchanges[name] ?? []) {
    if (other.startsWith('Math.') || known.has(other)) {
      change('function exchanged', node, `${other}(${args.join(', ')})`)
    }
  }
  if (name === 'using') {
    changeSaves(node.arguments[0]!, change)
  } else if (name === 'over' && !/^\((\w+)\) => \1$/.test(a!)) {
    change('batch attributes as they were', node, 'over((as) => as)')
  }
}

function changeBinary(node: ts.BinaryExpression, change: Report): void {
  const { left, right, operatorToken } = node
  const token = operatorToken.getText()
  const [a, b] = [left.getText(), right.getText()]
  for (const [operator, other] of tokens[token] ?? []) change(operator, node, `${a} ${other} ${b}`)
  if (token === '+' || token === '-') change('term dropped', node, a)
  if (token === '??') change('term dropped', node, b)
}

function changeNumber(node: ts.NumericLiteral, change: Report): void {
  const value = Number(node.text)
  if (!Number.isInteger(value)) {
    change('number changed', node, String(2 * value))
    return
  }
  change('number changed', node, String(value + 1))
  // To add nothing is to drop the term.
  const added =
    ts.isBinaryExpression(node.parent) && /^[+-]$/.test(node.parent.operatorToken.getText())
  if (value > 1 || (value === 1 && !added)) change('number changed', node, String(value - 1))
}

/** What is saved: another input, or the output. */
function changeSaves(node: ts.Node, change: Report): void {
  if (!ts.isArrayLiteralExpression(node)) return
  node.elements.forEach((element) => {
    const own = element.getText()
    for (const other of ['0', '1', 'OUT']) {
      // OUT isn't imported everywhere.
      if (other !== own) change('saved input replaced', element, other === 'OUT' ? '-1' : other)
    }
  })
}

/** Changes of a property of an op as a whole. */
function changeWhole({ part, node }: Place, change: Report): void {
  const text = node.getText()
  if (ts.isMethodDeclaration(node) || ts.isFunctionDeclaration(node)) return
  if ((part === 'rule' || part === 'push') && ts.isExpression(node)) {
    const missing = part === 'rule' && text.startsWith('using(')
    if (text !== '() => null' && !missing && !text.startsWith('{')) {
      change('rule missing', node, '() => null')
    }
  }
  if (text === 'linearly') {
    const pushed = (then: string): string =>
      `function (...all) { return linearly.apply(this, all).${then} }`
    change('sign turned', node, pushed('neg()'))
    change('factor 2', node, pushed('mul(2)'))
  }
  if (text === 'broadcasting') {
    change('batch attributes as they were', node, "{ inputs: 'all', attributes: (as) => as }")
  }
}

/** The results of the functions that make cotangents and tangents. */
function resultsOf(place: Place): ts.Expression[] {
  const { part, node } = place
  if (part !== 'rule' && part !== 'push' && part !== 'primitive') return []
  const makers: ts.Node[] = []
  const walk = (at: ts.Node): void => {
    if (isMaker(at, place)) makers.push(at)
    ts.forEachChild(at, walk)
  }
  walk(node)
  return makers.flatMap(returned)
}

function isMaker(node: ts.Node, { part, node: whole, rule }: Place): boolean {
  if (!ts.isFunctionLike(node)) return false
  const { parent } = node
  if (ts.isCallExpression(parent)) {
    const callee = parent.expression.getText()
    return ['using', 'shares', 'unary'].includes(callee) && node !== whole ? true : node === whole
  }
  const { name } = ts.isPropertyAssignment(parent) ? parent : (node as { name?: ts.Node })
  if (name?.getText() === 'pull') return true
  if (part === 'push') return node === whole && !['Level.handle'].includes(rule)
  // Functions of tensors, or, among primitives, of formulas.
  const isFunction = ts.isFunctionDeclaration(whole) || ts.isVariableDeclaration(whole)
  const own = node === whole || parent === whole
  return (
    isFunction && own && rule !== 'checkCotangents' && !(part === 'primitive' && rule === 'shares')
  )
}

/** What a function returns, each branch by itself. */
function returned(node: ts.Node): ts.Expression[] {
  const { body } = node as { body?: ts.Node }
  if (body === undefined) return []
  const found: ts.Expression[] = []
  const branches = (result: ts.Expression): void => {
    if (ts.isParenthesizedExpression(result)) {
      branches(result.expression)
    } else if (ts.isConditionalExpression(result)) {
      branches(result.whenTrue)
      branches(result.whenFalse)
    } else if (result.kind !== ts.SyntaxKind.NullKeyword) {
      found.push(result)
    }
  }
  if (ts.isExpression(body)) {
    branches(body)
  } else {
    const walk = (at: ts.Node): void => {
      if (ts.isFunctionLike(at)) return
      if (ts.isReturnStatement(at) && at.expression) branches(at.expression)
      ts.forEachChild(at, walk)
    }
    ts.forEachChild(body, walk)
  }
  return found
}

/** The name under which mutants know what takes the first element along dims instead of the sum. */
export const FIRST_OF = '__firstOf'

import ts from 'typescript-5'

/** What a place says of an op: how it is differentiated, batched, shaped, or what it keeps. */
export type Part = 'rule' | 'push' | 'batch' | 'shape' | 'saved' | 'primitive'

/** A piece of a source file that is, or belongs to, a rule. */
export interface Place {
  /** The op, primitive or function that it belongs to. */
  readonly rule: string
  readonly part: Part
  readonly node: ts.Node
}

/** Functions, and members of classes, that rules are made of, by the file below core's sources. */
const functions: Readonly<Record<string, Readonly<Record<string, Part>>>> = {
  'layout.ts': {
    'Layout.expand': 'shape',
    'Layout.inner': 'shape',
    'Layout.permute': 'shape',
    'Layout.slice': 'shape',
    'Layout.diagonal': 'shape',
    'Layout.reshape': 'shape',
    rowMajorStrides: 'shape',
  },
  'record.ts': {
    'OpNode.pull': 'saved',
    restore: 'saved',
    'recorder.handle': 'saved',
    edgeTo: 'saved',
    keepValues: 'saved',
    placed: 'saved',
  },
  'shape.ts': { broadcastShapes: 'shape', reducedShape: 'shape' },
  'tape.ts': { sweep: 'saved', 'Walk.send': 'saved', 'Walk.sumOf': 'saved', between: 'saved' },
  'kinds/cast.ts': { castTo: 'shape' },
  'kinds/contraction.ts': { batchOf: 'shape' },
  'kinds/convolution.ts': { leading: 'shape' },
  'kinds/diagonal.ts': { shifted: 'batch' },
  'kinds/elementwise.ts': {
    'ElementwiseOp.batch': 'batch',
    'ElementwiseOp.forward': 'shape',
    'ElementwiseOp.rule': 'rule',
    'ElementwiseOp.push': 'push',
    'ElementwiseOp.#derive': 'rule',
    expanded: 'shape',
  },
  'kinds/filters.ts': { filtered: 'shape' },
  'kinds/recurrence.ts': { moved: 'rule' },
  'kinds/reduction.ts': { shares: 'rule' },
  'kinds/spatial.ts': { gridOf: 'shape' },
  'kinds/spread.ts': { expandTo: 'rule', spread: 'rule', stretched: 'rule', sumTo: 'rule' },
  'kinds/structural.ts': {
    reshapeTo: 'shape',
    inverse: 'shape',
    matrixTranspose: 'shape',
    concatenateAlong: 'shape',
  },
  'scalar/derive.ts': { derive: 'saved' },
  'scalar/expr.ts': { leaves: 'saved', substitute: 'saved' },
  'scalar/primitives.ts': { shares: 'primitive', overSquares: 'primitive', gaussian: 'primitive' },
  'transforms/custom-op.ts': { checkCotangents: 'rule' },
  'transforms/jvp.ts': { 'Level.handle': 'push', 'Level.take': 'push' },
}

/** Types of variables that are rules, or parts of them. */
const types: Readonly<Record<string, Part>> = { Rule: 'rule', Push: 'push', Batching: 'batch' }

/** The properties of an op that are its rules; of its forward, the shape of the result. */
const properties: Readonly<Record<string, Part>> = {
  rule: 'rule',
  push: 'push',
  batch: 'batch',
  forward: 'shape',
}

/**
 * The places of a source file where rules stand: in ops, in the derivatives of primitives, in what is
 * typed as a rule, and in the functions that rules are made of.
 * @throws {Error} when one of these functions isn't there any more.
 */
export function placesOf(file: string, source: ts.SourceFile): Place[] {
  const found: Place[] = []
  const awaited = new Map(Object.entries(functions[file] ?? {}))
  const visit = (node: ts.Node, owner: string): void => {
    const name = nameOf(node)
    const part = name === null ? undefined : awaited.get(qualified(owner, name))
    if (part !== undefined && isDefinition(node)) {
      const value = ts.isPropertyDeclaration(node) ? node.initializer! : node
      found.push({ rule: qualified(owner, name!), part, node: value })
      awaited.delete(qualified(owner, name!))
      return
    }
    if (ts.isVariableDeclaration(node) && node.initializer !== undefined) {
      const typed = types[/^\w+/.exec(node.type?.getText() ?? '')?.[0] ?? '']
      if (typed !== undefined) {
        found.push({ rule: name!, part: typed, node: node.initializer })
        return
      }
    }
    if (ts.isObjectLiteralExpression(node) && isOp(node)) {
      found.push(...placesOfOp(node, owner))
      return
    }
    if (file === 'scalar/primitives.ts' && ts.isCallExpression(node)) {
      const derivative = derivativeOf(node)
      if (derivative !== undefined) {
        found.push({ rule: textOf(node.arguments[0]!), part: 'primitive', node: derivative })
        return
      }
    }
    const names = name !== null && name !== 'op' && !ts.isPropertyAssignment(node)
    const inner = names ? name : owner
    ts.forEachChild(node, (child) => visit(child, inner))
  }
  visit(source, '')
  if (awaited.size > 0) throw new Error(`${file} has no ${[...awaited.keys()].join(', ')}`)
  return found
}

/** Files whose functions are listed; those of all others are found by what they look like. */
export const listedFiles: readonly string[] = Object.keys(functions)

function qualified(owner: string, name: string): string {
  return /^[A-Z]|^recorder$/.test(owner) ? `${owner}.${name}` : name
}

function isDefinition(node: ts.Node): boolean {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isVariableDeclaration(node)
  )
}

function nameOf(node: ts.Node): string | null {
  const { name } = node as { name?: ts.Node }
  return name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name))
    ? name.text
    : null
}

function propertyOf(node: ts.ObjectLiteralExpression, name: string): ts.Node | undefined {
  const property = node.properties.find((p) => nameOf(p) === name)
  return property !== undefined && ts.isPropertyAssignment(property)
    ? property.initializer
    : property
}

function isOp(node: ts.ObjectLiteralExpression): boolean {
  return ['rule', 'push', 'batch'].every((name) => propertyOf(node, name) !== undefined)
}

function placesOfOp(node: ts.ObjectLiteralExpression, owner: string): Place[] {
  const name = propertyOf(node, 'name')
  const rule = name !== undefined && ts.isStringLiteral(name) ? name.text : owner
  return Object.entries(properties).flatMap(([property, part]) => {
    const at = propertyOf(node, property)
    return at === undefined || ts.isShorthandPropertyAssignment(at)
      ? []
      : [{ rule, part, node: at }]
  })
}

/** Of what defines a primitive, the derivative; none where it is null. */
function derivativeOf({ expression, arguments: args }: ts.CallExpression): ts.Node | undefined {
  const at = { define: 3, unary: 3, ofMath: 1 }[expression.getText()]
  const derivative = at !== undefined && ts.isStringLiteral(args[0]!) ? args[at] : undefined
  return derivative?.kind === ts.SyntaxKind.NullKeyword ? undefined : derivative
}

function textOf(node: ts.Node): string {
  return ts.isStringLiteral(node) ? node.text : node.getText()
}

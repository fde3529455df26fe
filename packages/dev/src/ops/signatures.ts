import { opTable } from '@gradtape/testing'
import ts from 'typescript-5'
import { callsIn } from './calls.ts'

/** How an op is called, in plain types, and the properties of the options that it takes. */
export interface Signatures {
  readonly signatures: readonly string[]
  readonly options: readonly ts.Symbol[]
}

export function signaturesOf(checker: ts.TypeChecker, symbol: ts.Symbol): Signatures {
  const type = checker.getTypeOfSymbol(symbol)
  const fn = opTable().get(symbol.name)!
  const { name, method } = fn.entry
  // Of lists the type may be how many there are, and of which shapes; that they are lists shows by one.
  const isList = callsIn(fn, 'float64').some(({ result }) => Array.isArray(result))
  const functions = type.getCallSignatures()
  if (functions.length === 0) throw new Error(`${name}: its type is not that of a function`)
  const methodType = checker.getPropertyOfType(type, '~method')
  const methods =
    method === null || methodType === undefined
      ? []
      : checker.getNonNullableType(checker.getTypeOfSymbol(methodType)).getCallSignatures()
  const receiver = functions[0]!.parameters[method?.receiver ?? 0]!.name
  const show = (head: string) => (signature: ts.Signature) => {
    const parameters = parametersOf(checker, signature).map(
      ({ name: own, type: of }) => `${own}: ${plain(checker, of)}`,
    )
    const result = isList ? 'Tensor[]' : plain(checker, signature.getReturnType())
    return `${head}(${parameters.join(', ')}): ${result}`
  }
  const all = [
    ...functions.map(show(name)),
    ...methods.map(show(`${receiver}.${method?.name ?? name}`)),
  ]
  return { signatures: [...new Set(all)], options: optionsOf(checker, functions) }
}

interface Parameter {
  /** With `...` in front and `?` behind where they stand. */
  readonly name: string
  readonly type: ts.Type
}

/** The parameters, those of a list of arguments by their own names. */
function parametersOf(checker: ts.TypeChecker, { parameters }: ts.Signature): Parameter[] {
  return parameters.flatMap((parameter) => {
    const type = checker.getTypeOfSymbol(parameter)
    if (checker.isTupleType(type)) {
      const { target } = type as ts.TupleTypeReference
      return checker.getTypeArguments(type as ts.TypeReference).map((element, i) => {
        const label = target.labeledElementDeclarations?.[i]?.name.getText() ?? 'arg'
        const optional = target.elementFlags[i]! & ts.ElementFlags.Optional
        return { name: optional ? `${label}?` : label, type: element }
      })
    }
    const declared = parameter.valueDeclaration
    const { dotDotDotToken = null, questionToken = null } =
      declared !== undefined && ts.isParameter(declared) ? declared : {}
    return [
      { name: `${dotDotDotToken ? '...' : ''}${parameter.name}${questionToken ? '?' : ''}`, type },
    ]
  })
}

/** A type without its parameters: the widest that it can stand for. */
function plain(checker: ts.TypeChecker, type: ts.Type): string {
  if (type.flags & ts.TypeFlags.TypeParameter)
    return plain(checker, checker.getBaseConstraintOfType(type)!)
  const name = type.aliasSymbol?.name ?? type.symbol?.name
  if (name === 'Tensor') return 'Tensor'
  if (name === 'ValuesAndIndices') return '{ values: Tensor, indices: Tensor }'
  if (name !== undefined && /Options$|^Key$|^DType$|^Shape$/.test(name)) return name
  if (type.isIntersection()) {
    return plain(checker, type.types.find((one) => one.isTypeParameter()) ?? type.types[0]!)
  }
  if (checker.isArrayType(type)) {
    const [element] = checker.getTypeArguments(type as ts.TypeReference)
    const of = plain(checker, element!)
    const prefix = type.symbol.name === 'ReadonlyArray' ? 'readonly ' : ''
    return `${prefix}${of.includes(' ') ? `(${of})` : of}[]`
  }
  if (type.isUnion()) {
    const parts = type.types.filter((one) => (one.flags & ts.TypeFlags.Undefined) === 0)
    const booleans = parts.every((one) => (one.flags & ts.TypeFlags.BooleanLiteral) !== 0)
    if (booleans) return 'boolean'
    return [...new Set(parts.map((one) => plain(checker, one)))].toSorted().join(' | ')
  }
  const constraint = checker.getBaseConstraintOfType(type)
  if (constraint !== undefined && constraint !== type) return plain(checker, constraint)
  return checker.typeToString(type)
}

/** The properties of the parameters whose type is called options. */
function optionsOf(checker: ts.TypeChecker, functions: readonly ts.Signature[]): ts.Symbol[] {
  const found = new Map<string, ts.Symbol>()
  for (const parameter of functions.flatMap((signature) => parametersOf(checker, signature))) {
    const type = checker.getNonNullableType(parameter.type)
    for (const one of type.isUnion() ? type.types : [type]) {
      if (one.symbol?.name.endsWith('Options') !== true) continue
      for (const property of one.getProperties()) found.set(property.name, property)
    }
  }
  return [...found.values()]
}

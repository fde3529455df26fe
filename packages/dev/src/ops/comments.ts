import { opTable } from '@gradtape/testing'
import ts from 'typescript-5'
import { inRoot } from '../root.ts'
import { signaturesOf } from './signatures.ts'

/** A name, and what is said of it. */
export type Remark = readonly [name: string, text: string]

/** What the source says of an op. */
export interface Documented {
  readonly name: string
  /** The name of the method, which is another for a word that the language reserves. */
  readonly method: string
  /** How it is called, as a function and as a method. */
  readonly signatures: readonly string[]
  /** What it computes. */
  readonly text: string
  /** Of the arguments and of the result. */
  readonly shapes: string
  readonly options: readonly Remark[]
  /** Classes of errors, and when they are thrown. */
  readonly throws: readonly Remark[]
  /** The program of its own `@example`; null when there is none. */
  readonly example: string | null
}

/** A file of the op table. It begins with a comment that says what its ops are. */
export interface Family {
  /** The file's name without its ending. */
  readonly name: string
  /** The first words of its comment, up to the colon. */
  readonly title: string
  readonly text: string
  /** The program that calls each of its ops; null where they have examples of their own. */
  readonly example: string | null
  readonly ops: readonly Documented[]
}

/** Reads the doc comments of all files of the op table. */
export function families(): Family[] {
  const index = inRoot('packages/core/src/index.ts')
  const program = ts.createProgram([index], {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ['lib.es2023.d.ts'],
    types: [],
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
  })
  const checker = program.getTypeChecker()
  const exported = checker.getExportsOfModule(
    checker.getSymbolAtLocation(program.getSourceFile(index)!)!,
  )
  const files = new Map<ts.SourceFile, ts.Symbol[]>()
  for (const entry of exported.filter(({ name }) => opTable().has(name))) {
    const symbol = target(checker, entry)
    const file = symbol.valueDeclaration!.getSourceFile()
    files.set(file, [...(files.get(file) ?? []), symbol])
  }
  return [...files]
    .map(([file, symbols]) => familyOf(checker, file, symbols))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** What an export stands for. */
function target(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

function familyOf(
  checker: ts.TypeChecker,
  file: ts.SourceFile,
  symbols: readonly ts.Symbol[],
): Family {
  const name = /(\w+)\.ts$/.exec(file.fileName)![1]!
  const comment = /^\/\*\*\n([^]*?)\n \*\//.exec(file.text)?.[1]?.replace(/^ \* ?/gm, '')
  const [, title, text, example = null] =
    /^([^:]*): ([^]*?)(?:\n+@example\n```ts\n([^]*?)\n```)?$/.exec(comment ?? '') ?? []
  if (title === undefined) {
    throw new Error(`${name}.ts has to begin with a comment: /** Title: what its ops are. … */`)
  }
  const place = ({ valueDeclaration }: ts.Symbol): number => valueDeclaration!.pos
  const ops = symbols.toSorted((a, b) => place(a) - place(b))
  return {
    name,
    title,
    text: prose(text!),
    example,
    ops: ops.map((symbol) => documented(checker, symbol)),
  }
}

function documented(checker: ts.TypeChecker, symbol: ts.Symbol): Documented {
  const { name } = symbol
  const { signatures, options } = signaturesOf(checker, symbol)
  const own = tagsOf(symbol)
  // What holds for all ops of a form stands with its type.
  const all = [...own, ...tagsOf(checker.getTypeOfSymbol(symbol).symbol)]
  const shapes = all.find(({ tagName }) => tagName.text === 'shapes')
  if (shapes === undefined) throw new Error(`${name}: its doc comment has no @shapes`)
  const example = own.find(({ tagName }) => tagName.text === 'example')
  return {
    name,
    method: opTable().get(name)!.entry.method?.name ?? name,
    signatures,
    text: textOf(checker, symbol),
    shapes: commentOf(shapes),
    options: options.map((option) => [option.name, textOf(checker, option)]),
    throws: all
      .filter(ts.isJSDocThrowsTag)
      .map((tag) => [tag.typeExpression?.type.getText() ?? '', commentOf(tag)]),
    example:
      example === undefined
        ? null
        : ts.getTextOfJSDocComment(example.comment)!.replace(/^```ts\n|\n```$/g, ''),
  }
}

function tagsOf({ declarations = [] }: ts.Symbol): ts.JSDocTag[] {
  return declarations.flatMap((node) => [...ts.getJSDocTags(node)])
}

function commentOf({ comment }: ts.JSDocTag): string {
  return prose(ts.getTextOfJSDocComment(comment) ?? '')
}

function textOf(checker: ts.TypeChecker, symbol: ts.Symbol): string {
  return prose(ts.displayPartsToString(symbol.getDocumentationComment(checker)))
}

/** Paragraphs on a line each, with what links name as code. */
function prose(text: string): string {
  return text
    .replace(/\{@link (\w+)\s*\}/g, '`$1`')
    .split(/\n\n+/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, ' ').trim())
    .join('\n\n')
}

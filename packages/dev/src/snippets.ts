// The programs that documentation holds. In pages, the `ts` blocks below one heading of level 1 or 2
// are one program; in doc comments each `@example` is one. Three comments say what a program does, and
// `…` in them stands for anything:
//
//   console.log(x.sum())   // → tensor(6.)                      what one call of console.log prints
//   x.add(y)               // throws ShapeError: cannot …       what this line throws
//   x.matmul(y)            // type error: inner dimensions …    a part of what the compiler says of it
//
// They may stand below their line as well, and run on in further comments, `//` and three spaces. A
// block that is not to be run is marked `typescript`.

export interface Program {
  /** The page or source file, and the heading or line. */
  readonly name: string
  readonly file: string
  /** Lines of code, in their places: line n of the file is line n of the program. */
  readonly lines: readonly string[]
}

export type ExpectationKind = '→' | 'throws' | 'type error'

/** What a comment says. */
export interface Expectation {
  readonly kind: ExpectationKind
  /** The line of code that it speaks of, counted from 1. */
  readonly line: number
  readonly text: string
}

/** The programs of a page in Markdown. */
export function programsOfPage(file: string, page: string): Program[] {
  const sections: { heading: string; lines: string[] }[] = [{ heading: 'top', lines: [] }]
  let fence: string | null = null
  page.split('\n').forEach((line, i) => {
    if (line.startsWith('```')) {
      fence = fence === null ? line.slice(3).trim() : null
    } else if (fence === null) {
      const heading = /^##? (.*)/.exec(line)?.[1]
      if (heading !== undefined) sections.push({ heading, lines: [] })
    } else if (fence === 'ts') {
      sections.at(-1)!.lines[i] = line
    }
  })
  return sections
    .filter(({ lines }) => lines.length > 0)
    .map(({ heading, lines }) => ({ name: `${file}: ${heading}`, file, lines: filled(lines) }))
}

/** The programs of a source file's doc comments. */
export function programsOfSource(file: string, source: string): Program[] {
  const programs: Program[] = []
  let state: 'outside' | 'example' | 'code' = 'outside'
  let lines: string[] = []
  source.split('\n').forEach((line, i) => {
    const text = /^\s*\* ?(?!\/)(.*)/.exec(line)?.[1]
    if (text === undefined) {
      state = 'outside'
    } else if (state === 'code' && text.startsWith('```')) {
      state = 'outside'
      const start = lines.findIndex((code) => code !== undefined) + 1
      programs.push({ name: `${file}:${start}`, file, lines: filled(lines) })
    } else if (state === 'code') {
      lines[i] = text
    } else if (text.startsWith('@')) {
      state = text.startsWith('@example') ? 'example' : 'outside'
    } else if (state === 'example' && text.trim() === '```ts') {
      state = 'code'
      lines = []
    }
  })
  return programs
}

function filled(lines: readonly string[]): string[] {
  return Array.from(lines, (line) => line ?? '')
}

/** What the comments of a program say, from top to bottom. */
export function expectations({ lines }: Program): Expectation[] {
  const found: Expectation[] = []
  let line = 0
  lines.forEach((text, i) => {
    const [, code, kind, said] = /^(.*?)\/\/ (→|throws|type error:) ?(.*)$/.exec(text) ?? []
    const goesOn = /^\s*\/\/ {3}(.*)/.exec(text)?.[1]
    if (said !== undefined) {
      if (code!.trim() !== '') line = i + 1
      found.push({ kind: kind!.replace(':', '') as ExpectationKind, line, text: said })
    } else if (goesOn !== undefined && found.length > 0) {
      const last = found.pop()!
      found.push({ ...last, text: `${last.text}\n${goesOn}` })
    } else if (text.trim() !== '' && !text.trim().startsWith('//')) {
      line = i + 1
    }
  })
  return found
}

/** The module to compile and run: lines that are said to fail are caught, and tell `throws …`. */
export function moduleOf(program: Program): string {
  const failing = new Map<number, boolean>()
  for (const { kind, line } of expectations(program)) {
    if (kind !== '→') failing.set(line, kind === 'throws' || failing.get(line) === true)
  }
  const lines = program.lines.map((text, i) => {
    const tells = failing.get(i + 1)
    if (tells === undefined) return text
    const code = text.replace(/\/\/ (throws|type error:).*/, '')
    return `try { ${code} } catch (error) { ${tells ? 'console.log(`throws ${error}`)' : ''} }`
  })
  return `${lines.join('\n')}\nexport {}\n`
}

/** Whether a text is what a comment says, white space aside where lines may be broken anywhere. */
export function agrees({ kind, text }: Expectation, seen: string): boolean {
  const [a, b] = kind === '→' ? [text, seen] : [folded(text), folded(seen)]
  const pattern = a!.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '[^]*')
  return new RegExp(kind === 'type error' ? pattern : `^${pattern}$`).test(b!)
}

function folded(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

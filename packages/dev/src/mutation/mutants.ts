import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import ts from 'typescript-5'
import { inRoot } from '../root.ts'
import { changesOf, type Change } from './operators.ts'
import { listedFiles, placesOf, type Part, type Place } from './places.ts'

/** A source file of core with one change in it. */
export interface Mutant {
  readonly id: number
  /** Below core's sources. */
  readonly file: string
  readonly line: number
  readonly rule: string
  readonly part: Part
  readonly change: Change
  /** What is changed. */
  readonly before: string
  /** The number of its probe, and that of the functions of its op. */
  readonly site: number
  readonly group: number
}

/** A place in the sources at which a run can be seen to pass. */
export interface Probe {
  readonly start: number
  readonly end: number
  readonly id: number
  /** Whether a statement begins with it. */
  readonly leads: boolean
}

/** A source file, its mutants, and where to watch it. */
export interface Mutated {
  readonly file: string
  readonly text: string
  readonly mutants: readonly Mutant[]
  readonly probes: readonly Probe[]
}

export const sources: string = inRoot('packages/core/src')

/** All mutants of core's rules. `probes` says how many places there are to watch. */
export function allMutants(): { files: Mutated[]; probes: number } {
  const names = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.split(sep).join('/'))
  const missing = listedFiles.find((file) => !names.includes(file))
  if (missing !== undefined) throw new Error(`core has no ${missing}`)
  const numbers = { mutants: 0, probes: 0 }
  const files = names.toSorted().map((file) => mutatedFile(file, numbers))
  return { files: files.filter(({ mutants }) => mutants.length > 0), probes: numbers.probes }
}

function mutatedFile(file: string, numbers: { mutants: number; probes: number }): Mutated {
  const text = readFileSync(join(sources, file), 'utf8')
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true)
  const mutants: Mutant[] = []
  const probes: Probe[] = []
  const statements = startsOf(source)
  const probe = (start: number, end: number): number => {
    const known = probes.find((p) => p.start === start && p.end === end)
    if (known !== undefined) return known.id
    probes.push({ start, end, id: numbers.probes, leads: statements.has(start) })
    return numbers.probes++
  }
  const groups = new Map<string, number>()
  for (const place of placesOf(file, source)) {
    const { rule, part } = place
    if (!groups.has(rule)) groups.set(rule, numbers.probes++)
    const group = groups.get(rule)!
    for (const [start, end] of bodiesOf(place)) probes.push({ start, end, id: group, leads: false })
    for (const change of changesOf(place)) {
      mutants.push({
        id: numbers.mutants++,
        file,
        line: source.getLineAndCharacterOfPosition(change.start).line + 1,
        rule,
        part,
        change,
        before: text.slice(change.start, change.end),
        site: probe(change.start, change.end),
        group,
      })
    }
  }
  return { file, text, mutants, probes }
}

/** Where statements begin that are expressions. */
function startsOf(source: ts.SourceFile): Set<number> {
  const found = new Set<number>()
  const walk = (at: ts.Node): void => {
    if (ts.isExpressionStatement(at)) found.add(at.getStart())
    ts.forEachChild(at, walk)
  }
  walk(source)
  return found
}

/** What functions of a place run first, or return. */
function bodiesOf({ node }: Place): [start: number, end: number][] {
  const found: [number, number][] = []
  const walk = (at: ts.Node): void => {
    const { body } = at as { body?: ts.Node }
    if (ts.isFunctionLike(at) && body !== undefined) {
      if (ts.isExpression(body)) found.push([body.getStart(), body.end])
      else found.push([body.getStart() + 1, body.getStart() + 1])
    }
    ts.forEachChild(at, walk)
  }
  walk(node)
  return found
}

/** The text of a file with a change. */
export function withChange(text: string, { start, end, text: by }: Change): string {
  return text.slice(0, start) + by + text.slice(end)
}

/** The text of a file that calls `__hit` with the number of each probe it passes. */
export function withProbes({ text, probes }: Mutated): string {
  const inserts = probes.flatMap(({ start, end, id, leads }) =>
    start === end
      ? [{ at: start, size: 0, opens: false, by: `__hit(${id});` }]
      : [
          // Without semicolons, a statement that began with a parenthesis would call what is before it.
          {
            at: start,
            size: end - start,
            opens: true,
            by: `${leads ? 'void ' : ''}(__hit(${id}),`,
          },
          { at: end, size: end - start, opens: false, by: ')' },
        ],
  )
  // From the end on. Where several open, the longest stands outermost; what closes comes before.
  inserts.sort(
    (a, b) =>
      b.at - a.at ||
      Number(b.opens) - Number(a.opens) ||
      (a.opens ? a.size - b.size : b.size - a.size),
  )
  return inserts.reduce((all, { at, by }) => all.slice(0, at) + by + all.slice(at), text)
}

/** How a mutant is shown. */
export function show({ file, line, rule, part, change, before }: Mutant): string {
  const flat = (code: string): string => code.replace(/\s+/g, ' ')
  return `${file}:${line} ${rule} (${part}), ${change.operator}: ${flat(before)} → ${flat(change.text)}`
}

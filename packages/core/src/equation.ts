import { ShapeError, ValueError } from './errors.ts'
import { showShape, showValue, type Shape } from './shape.ts'

// The equations of einsum: 'ij,jk->ik'.

/** A letter, or for a dim of `'...'` its place counted from the last. */
export type Label = string | number

/** What an equation says of tensors of certain shapes. */
export interface Equation {
  /** The dims of each tensor. */
  readonly terms: readonly (readonly Label[])[]
  /** Those of the result. */
  readonly output: readonly Label[]
  readonly sizes: ReadonlyMap<Label, number>
}

/**
 * Reads an equation for tensors of `shapes`.
 * @throws {ValueError} when it is malformed, or speaks of another number of tensors.
 * @throws {ShapeError} when it doesn't fit the shapes.
 */
export function parseEquation(equation: string, shapes: readonly Shape[]): Equation {
  if (typeof equation !== 'string') {
    throw new ValueError(
      `einsum: expected an equation such as 'ij,jk->ik' before the tensors, got ${showValue(equation)}`,
    )
  }
  const malformed = (reason: string): never => {
    throw new ValueError(`einsum: in '${equation}' ${reason}`)
  }
  const misfit = (reason: string): never => {
    throw new ShapeError(`einsum: in '${equation}' ${reason}`)
  }

  const [left = '', right, ...more] = equation.replaceAll(' ', '').split('->')
  if (more.length > 0) malformed("'->' stands more than once")
  const sources = left.split(',')
  if (right?.includes(',')) malformed("',' stands after '->'; there is one result")
  for (const term of [...sources, ...(right === undefined ? [] : [right])]) {
    const rest = term.replace('...', '')
    if (rest.includes('...')) malformed(`the term '${term}' has '...' more than once`)
    const wrong = /[^a-zA-Z]/.exec(rest)?.[0]
    if (wrong === '.') malformed(`the term '${term}' has a '.' that is no part of '...'`)
    if (wrong === '-' || wrong === '>') malformed(`'${wrong}' is no part of '->'`)
    if (wrong) malformed(`'${wrong}' is no letter; dims are named by a to z and A to Z`)
  }
  if (sources.length !== shapes.length) {
    malformed(
      `${sources.length} ${sources.length === 1 ? 'term names' : 'terms name'} the dims of ${shapes.length} tensors; terms are separated by ','`,
    )
  }

  const sizes = new Map<Label, number>()
  let skipped = 0
  const terms = sources.map((term, i) => {
    const shape = shapes[i]!
    const letters = term.replace('...', '').length
    const others = shape.length - letters
    if (others < 0 || (others > 0 && !term.includes('...'))) {
      misfit(
        `the term '${term}' names ${letters} dims, but tensor ${i} has shape ${showShape(shape)}` +
          (others > 0 ? "; '...' stands for the rest" : ''),
      )
    }
    skipped = Math.max(skipped, others)
    const labels = labelsOf(term, others)
    labels.forEach((label, d) => {
      const size = shape[d]!
      const first = shape[labels.indexOf(label)]!
      if (size !== first) {
        misfit(
          `'${label}' names dims of sizes ${first} and ${size} of tensor ${i}, of shape ${showShape(shape)}; a diagonal needs equal ones`,
        )
      }
      const known = sizes.get(label) ?? 1
      if (size !== known && size !== 1 && known !== 1) {
        misfit(
          `${typeof label === 'number' ? `dim ${-1 - label} of '...'` : `'${label}'`} has size ${size} in tensor ${i}, of shape ${showShape(shape)}, but ${known} before it; sizes must be equal, or one of them 1`,
        )
      }
      sizes.set(label, known === 1 ? size : known)
    })
    return labels
  })

  if (right === undefined) return { terms, output: implied(terms, skipped), sizes }
  const output = labelsOf(right, skipped)
  output.forEach((label, i) => {
    if (output.indexOf(label) !== i) malformed(`the result has '${label}' more than once`)
    if (!sizes.has(label)) malformed(`the result has '${label}', which no tensor has`)
  })
  return { terms, output, sizes }
}

/** The labels of a term whose `'...'` stands for `others` dims. */
function labelsOf(term: string, others: number): Label[] {
  const [before = '', after] = term.split('...')
  const between =
    after === undefined ? [] : Array.from({ length: others }, (_, i) => others - 1 - i)
  return [...before, ...between, ...(after ?? '')]
}

/** The result's where none is given: the dims of `'...'`, then the letters that stand once. */
function implied(terms: readonly (readonly Label[])[], skipped: number): Label[] {
  const all = terms.flat()
  const once = all.filter(
    (label) => typeof label === 'string' && all.indexOf(label) === all.lastIndexOf(label),
  )
  return [...labelsOf('...', skipped), ...once.toSorted()]
}

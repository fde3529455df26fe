import { isTensor, mapTree, treeLeaves, type Tensor } from '@gradtape/core'
import { argumentsCode, tensorCode } from '../code.ts'

/** One op, as it was applied when the program was drawn. */
export interface Step {
  readonly name: string
  readonly fn: (...args: never[]) => unknown
  readonly args: readonly unknown[]
  readonly result: unknown
}

/**
 * A function of tensors that applies ops of the table one after the other, each to inputs, results
 * before it and constants; and inputs for it.
 */
export class Program {
  /** float64 leaves, in a domain of the function. */
  readonly inputs: readonly Tensor[]
  readonly steps: readonly Step[]
  /** The results that no step uses, as they were drawn. */
  readonly #sinks: readonly Tensor[]

  constructor(inputs: readonly Tensor[], steps: readonly Step[]) {
    this.inputs = inputs
    this.steps = steps
    const used = new Set(steps.flatMap(({ args }) => treeLeaves(args)))
    const made = [...inputs, ...steps.flatMap(({ result }) => treeLeaves(result))]
    this.#sinks = made.filter((x) => x.dtype === 'float64' && !used.has(x))
  }

  /** Runs it for these inputs: the results that no step uses. */
  readonly run = (...inputs: Tensor[]): Tensor[] => {
    const values = new Map(this.inputs.map((x, i) => [x, inputs[i]!]))
    const now = (x: Tensor): Tensor => values.get(x) ?? x
    for (const { fn, args, result } of this.steps) {
      const found = treeLeaves(fn(...(mapTree(args, now) as never[])))
      treeLeaves(result).forEach((drawn, k) => values.set(drawn, found[k]!))
    }
    return this.#sinks.map(now)
  }

  /** The program as JavaScript to paste: `inputs`, and the function `f`. */
  code(): string {
    const names = new Map(this.inputs.map((x, i) => [x, `x${i}`]))
    const constants: string[] = []
    const nameOf = (x: Tensor): string => {
      const known = names.get(x)
      if (known !== undefined) return known
      const name = `c${constants.length}`
      names.set(x, name)
      constants.push(`const ${name} = ${tensorCode(x)}`)
      return name
    }
    const lines = this.steps.map(({ name, args, result }, k) => {
      const line = `  const v${k} = ${name}(${argumentsCode(args, nameOf)})`
      nameResults(`v${k}`, result, names)
      return line
    })
    const parameters = this.inputs.map(nameOf).join(', ')
    return [
      ...constants,
      `const f = (${parameters}) => {`,
      ...lines,
      `  return [${this.#sinks.map(nameOf).join(', ')}]`,
      '}',
      `const inputs = [${this.inputs.map((x) => tensorCode(x, true)).join(', ')}]`,
    ].join('\n')
  }

  /** How fast-check shows it. */
  toString(): string {
    return `a program:\n${this.code()}`
  }
}

function nameResults(name: string, result: unknown, names: Map<Tensor, string>): void {
  if (isTensor(result)) names.set(result, name)
  else if (Array.isArray(result)) {
    result.forEach((part, i) => nameResults(`${name}[${i}]`, part, names))
  } else if (typeof result === 'object' && result !== null) {
    for (const [key, part] of Object.entries(result)) nameResults(`${name}.${key}`, part, names)
  }
}

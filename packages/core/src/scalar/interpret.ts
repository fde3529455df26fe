import type { Expr } from './expr.ts'

/** A formula as a function of its inputs' elements and its parameters: the definition of every loop. */
export type Interpreted = (inputs: readonly number[], params: readonly number[]) => number

/** `ints` says that products are of 32-bit integers. */
export function interpret(formula: Expr, ints: boolean): Interpreted {
  const { index, value, primitive, args } = formula
  switch (formula.kind) {
    case 'input':
    case 'condition':
      return (inputs) => inputs[index]!
    case 'param':
      return (_, params) => params[index]!
    case 'constant':
      return () => value
    case 'call': {
      const parts = args.map((arg) => interpret(arg, ints))
      const { evaluate } = (ints && primitive!.ints) || primitive!
      return (inputs, params) => evaluate(...parts.map((part) => part(inputs, params)))
    }
  }
}

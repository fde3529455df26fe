import type { Backend, Operand } from '../backend.ts'
import { encodings } from '../encoding.ts'
import { moves } from '../scalar/generate.ts'
import { interpret } from '../scalar/interpret.ts'
import { walk, type Track } from './odometer.ts'

/** The operand as positions in its array, over some of its dimensions. */
export function track({ storage, layout }: Operand, dims?: readonly number[]): Track {
  const offset = storage.offset + layout.offset
  return { strides: dims ? dims.map((d) => layout.strides[d]!) : layout.strides, offset }
}

/** Each formula is interpreted for each element: the definition, and the way where no code may be made. */
export const interpreted: Backend['elementwise'] = (kernel, inputs, params, outs) => {
  const dtypes = [...outs, ...inputs].map(({ storage }) => storage.dtype)
  const asNumbers = !moves(kernel.formulas, dtypes)
  const codings = dtypes.map((dtype) => (asNumbers ? encodings[dtype] : undefined))
  const numbers = dtypes.includes('float32') ? params.map(Math.fround) : params
  const formulas = kernel.formulas.map((formula) => interpret(formula, dtypes[0] === 'int32'))
  walk(
    outs[0]!.layout.shape,
    [...outs, ...inputs].map((x) => track(x)),
    (positions) => {
      const values = inputs.map(({ storage }, i) => {
        const k = outs.length + i
        const element = storage.array[positions[k]!]!
        return codings[k]?.read(element) ?? element
      })
      const results = formulas.map((formula) => formula(values, numbers))
      results.forEach((result, k) => {
        const value = dtypes[k] === 'bool' ? Number(result !== 0) : result
        outs[k]!.storage.array[positions[k]!] = codings[k]?.write(value) ?? value
      })
    },
  )
}

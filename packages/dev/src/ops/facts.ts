import { getDefaultDtype, setDefaultDtype, type DType, type FloatDType } from '@gradtape/core'
import { opTable, type TableEntry } from '@gradtape/testing'
import { batchingOf } from './batching.ts'
import { callsIn, partsOf, type Part } from './calls.ts'
import { derivativesOf, type Derivatives } from './derivatives.ts'

/** What a row of the table says of an op. No field is empty. */
export interface Facts extends Derivatives {
  readonly name: string
  readonly kind: string
  /** Of the tensors that it computes with. */
  readonly dtypes: string
  /** The dtype of the result. */
  readonly result: string
  /** What becomes of dtypes that only store: converted before use, or kept. */
  readonly stored: string
  /** Whether it runs over a batch, or why not. */
  readonly vmap: string
}

/** The columns of the table, with their headings. */
export const columns = {
  name: 'op',
  kind: 'kind',
  dtypes: 'dtypes',
  result: 'dtype of the result',
  stored: 'storage dtypes',
  orders: 'orders of derivatives',
  forward: 'forward mode',
  vmap: 'vmap',
} as const satisfies Record<keyof Facts, string>

const dtypes: readonly DType[] = ['float32', 'float64', 'int32', 'bool']

/** The dtypes that only store, and what is computed with instead. */
const storing = {
  uint8: 'int32',
  int64: 'int32',
  float16: 'float32',
  bfloat16: 'float32',
} as const satisfies Partial<Record<DType, DType>>

/** The rows of the table, found by calling the ops with arguments that their entries draw. */
export function allFacts(): Facts[] {
  return [...opTable().values()].map(factsOf)
}

/** A row of the table. @throws {Error} when the op contradicts its entry. */
export function factsOf(fn: TableEntry): Facts {
  const { name, kind } = fn.entry
  const results = new Map(dtypes.map((dtype) => [dtype, resultsIn(fn, dtype)]))
  const accepted = dtypes.filter((dtype) => results.get(dtype)!.size > 0)
  const calls = callsIn(fn, 'float64')
  if (calls.length === 0) throw new Error(`${name}: refuses all arguments that its entry draws`)
  return {
    name,
    kind,
    dtypes: accepted.join(' '),
    result: calls.some(({ args }) => args.some((arg) => dtypes.includes(arg as DType)))
      ? 'the one given'
      : inWords(new Map(accepted.map((dtype) => [dtype, results.get(dtype)!]))),
    stored: storedInWords(fn, results),
    ...derivativesOf(fn, calls),
    vmap: batchingOf(fn, calls),
  }
}

/** The dtypes of each part of the result; `default float` where they follow the default dtype. */
function resultsIn(fn: TableEntry, dtype: DType): Map<string, string> {
  const partsBy = (float: FloatDType): Part[] => {
    const before = getDefaultDtype()
    setDefaultDtype(float)
    const parts = callsIn(fn, dtype).flatMap(({ result }) => partsOf(result))
    setDefaultDtype(before)
    return parts
  }
  const narrow = partsBy('float32')
  // Floats never follow the default.
  const wide = dtype.includes('float') ? narrow : partsBy('float64')
  const types = (parts: readonly Part[], name: string): string => {
    const found = parts.filter(([part]) => part === name).map(([, y]) => y.dtype)
    return [...new Set(found)].toSorted().join(' or ')
  }
  const names = new Set(narrow.map(([part]) => part))
  return new Map(
    [...names].map((name) => {
      const said = types(narrow, name)
      return [name, said === types(wide, name) ? said : 'default float']
    }),
  )
}

/** What the results are by dtype: one for all, or the same but for those named. */
function inWords(results: ReadonlyMap<DType, ReadonlyMap<string, string>>): string {
  const parts = [...results.values()].flatMap((found) => [...found.keys()])
  const said = [...new Set(parts)].map((part) => {
    const types = [...results].map(([dtype, found]) => [dtype, found.get(part)!] as const)
    const [, first] = types[0]!
    if (types.every(([, type]) => type === first)) return `${part}${first}`
    const others = types.filter(([dtype, type]) => type !== dtype)
    const named = [...new Set(others.map(([, type]) => type))].map((type) => {
      const of = others.filter((other) => other[1] === type).map(([dtype]) => dtype)
      return `; ${type} of ${of.join(', ')}`
    })
    return `${part}same${named.join('')}`
  })
  return said.join(', ')
}

/** What becomes of the storage dtypes, given the results of the dtypes that stand for them. */
function storedInWords(
  fn: TableEntry,
  results: ReadonlyMap<DType, ReadonlyMap<string, string>>,
): string {
  const words = Object.entries(storing).flatMap(([stored, instead]) => {
    const expected = results.get(instead)!.get('')
    if (expected === undefined) return []
    const type = resultsIn(fn, stored as DType).get('')
    if (type === undefined) return ['refused, as they only store']
    if (type === stored) return ['kept']
    return [type === expected || type === 'default float' ? 'converted' : 'kept or converted']
  })
  return [...new Set(words)].join(', ')
}

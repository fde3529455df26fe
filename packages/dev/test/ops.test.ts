import { readFileSync, readdirSync } from 'node:fs'
import { customOp, type EntryInfo, type Tensor } from '@gradtape/core'
import type { TableEntry } from '@gradtape/testing'
import { beforeAll, describe, expect, test } from 'vitest'
import { convolution } from '../../core/test/types/api/convolution.ts'
import { members } from '../../core/test/types/api/members.ts'
import { alongDim, binary, unary } from '../../core/test/types/api/names.ts'
import { ops } from '../../core/test/types/api/ops.ts'
import { rearranging } from '../../core/test/types/api/rearranging.ts'
import { callsOf, setupOf } from '../src/ops/examples.ts'
import { allFacts, columns, factsOf, type Facts } from '../src/ops/facts.ts'
import { opPages } from '../src/ops/pages.ts'
import { inRoot } from '../src/root.ts'

let facts: readonly Facts[]
let pages: ReadonlyMap<string, string>
beforeAll(async () => {
  facts = allFacts()
  pages = await opPages(facts)
}, 120_000)

describe('the table of ops', () => {
  const lists = [unary, binary, alongDim, ...[convolution, ops, rearranging].map(Object.keys)]
  const inPlace = Object.keys(members).filter((name) => /[a-z]_$/i.test(name))
  const promised = new Set<string>([...lists.flat(), ...inPlace, 'to'])
  // No ops: a leaf's own, and the word that the language reserves.
  promised.delete('requiresGrad_')
  promised.delete('var')

  test('has a row for each that is promised', () => {
    const rows = new Set(facts.map(({ name }) => name))
    expect([...promised, 'variance'].filter((name) => !rows.has(name))).toEqual([])
  })

  test('has no empty field', () => {
    const keys = Object.keys(columns) as (keyof Facts)[]
    const empty = facts.filter((row) => keys.some((key) => row[key].trim() === ''))
    expect(empty).toEqual([])
  })

  test('says of each whether it has derivatives, or why not', () => {
    const reasons = /^(any|any \(all 0: .+\)|none: .+)$/
    expect(facts.filter(({ orders }) => !reasons.test(orders))).toEqual([])
    expect(facts.filter(({ vmap }) => !/^(yes|in part: .+|no: .+)$/.test(vmap))).toEqual([])
  })
})

describe('a row', () => {
  const entry = (fn: (x: Tensor) => unknown, info: Partial<EntryInfo> = {}): TableEntry =>
    Object.assign(fn as (...args: never[]) => unknown, {
      entry: {
        name: 'probe',
        kind: 'composed' as const,
        differentiable: true,
        samples: (g) => [g.real([2])],
        ...info,
      } satisfies EntryInfo,
    })

  test('of a function of floats', () => {
    expect(factsOf(entry((x) => x.square().mean()))).toEqual({
      name: 'probe',
      kind: 'composed',
      dtypes: 'float32 float64',
      result: 'same',
      stored: 'converted',
      orders: 'any',
      forward: 'yes',
      vmap: 'yes',
    })
  })

  test('of a function that makes floats of integers', () => {
    const { dtypes, result } = factsOf(entry((x) => x.exp()))
    expect(dtypes).toBe('float32 float64 int32 bool')
    expect(result).toBe('same; default float of int32, bool')
  })

  test('of values and indices', () => {
    expect(factsOf(entry((x) => x.sort())).result).toBe('same, indices int32')
  })

  test('of steps, of bools and of what has as many elements as its values say', () => {
    expect(factsOf(entry((x) => x.floor().mul(2))).orders).toBe('any (all 0: piecewise constant)')
    const bools = factsOf(entry((x) => x.gt(0), { differentiable: false }))
    expect(bools.forward).toBe('none: yes or no is piecewise constant')
    expect(factsOf(entry((x) => x.at(x.gt(0)))).vmap).toMatch(/^no: how many elements/)
  })

  test('is not written for an op whose derivative fails', () => {
    const vjp = (): never => {
      throw new Error('no rule')
    }
    expect(() => factsOf(entry(customOp({ forward: (x: Tensor) => x, vjp })))).toThrow('no rule')
  })

  test('is not written for an op without derivatives or results for no reason', () => {
    const rounded = entry((x) => x.detach(), { differentiable: false })
    expect(() => factsOf(rounded)).toThrow('probe: floats, but no derivatives, for no reason')
    const refusing = entry((x) => x.reshape([3]))
    expect(() => factsOf(refusing)).toThrow('probe: refuses all arguments that its entry draws')
  })
})

describe('the pages of docs/ops', () => {
  test('are what the script writes; `npm run docs` writes them again', () => {
    const names = readdirSync(inRoot('docs/ops')).toSorted()
    expect(names).toEqual([...pages.keys()].toSorted())
    const stale = names.filter(
      (name) => readFileSync(inRoot('docs/ops', name), 'utf8') !== pages.get(name),
    )
    expect(stale).toEqual([])
  })

  test('show a call of each op', () => {
    const all = [...pages.values()].flatMap((page) => page.split('\n### ').slice(1))
    expect(all.length).toBe(facts.length)
    expect(all.filter((section) => !/\/\/ (→|throws|type error:) /.test(section))).toEqual([])
  })
})

describe('the example of a family', () => {
  const example = [
    "import { tensor } from '@gradtape/core'",
    '',
    'const x = tensor([[1], [2]])',
    '',
    'console.log(x.sum()) // → tensor(3.)',
    'console.log(x.cumsum(0).sum(1))',
    '// → tensor([[1.],',
    '//           [3.]])',
    'x.mean() // throws nothing',
  ].join('\n')

  test('is cut into what each op needs', () => {
    expect(setupOf(example).split('\n').at(-1)).toBe('const x = tensor([[1], [2]])')
    expect(callsOf(example, 'cumsum').split('\n')).toHaveLength(3)
    expect(callsOf(example, 'sum').split('\n')).toHaveLength(4)
    expect(callsOf(example, 'average', 'mean')).toBe('x.mean() // throws nothing')
  })

  test('has to call each of them', () => {
    expect(() => callsOf(example, 'prod')).toThrow('no example calls prod')
  })

  test('has to begin with what all need', () => {
    expect(() => setupOf(`${example}\nconst y = x`)).toThrow('comes too late: const y = x')
  })
})

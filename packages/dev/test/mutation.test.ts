import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allMutants, withChange, type Mutant } from '../src/mutation/mutants.ts'
import type { Operator } from '../src/mutation/operators.ts'
import { Programs, run } from '../src/mutation/programs.ts'

// What `npm run mutate` does to all rules, for a few of each kind: they are changed, and the properties
// of an op that uses them notice.

const { files, probes } = allMutants()
const all = files.flatMap(({ mutants }) => mutants)

let programs: Programs
beforeAll(async () => {
  programs = await Programs.open()
})
afterAll(() => programs.close())

const few = (...ops: string[]): Parameters<typeof run>[1] => ({
  checks: ops.map((op) => [op, null]),
  runs: 15,
  seconds: 30,
})

function mutantsOf(rule: string, operator: Operator, before: RegExp): Mutant[] {
  return all.filter(
    (m) => m.rule === rule && m.change.operator === operator && before.test(m.before),
  )
}

/** A rule, what is done to it, where; and an op that uses it. */
const changes: readonly (readonly [rule: string, Operator, before: RegExp, op: string])[] = [
  ['tanh', 'sign turned', /^mul/, 'tanh'],
  ['permuteRule', 'call dropped', /^inverse/, 'permute'],
  ['sumTo', 'reduction dropped', /^sumOver/, 'mul'],
  ['div', 'operands swapped', /^div\(t, b\)/, 'div'],
  ['overSquares', 'term dropped', /^add/, 'atan2'],
  ['leftRule', 'saved input replaced', /^1$/, 'matmul'],
  ['sharedByTies', 'order of two changed', /OUT/, 'amax'],
  ['cat', 'number changed', /^1$/, 'cat'],
  ['slice', 'batch attributes as they were', /^over/, 'narrow'],
  ['stretched', 'condition negated', /=== 1/, 'add'],
  ['edgeTo', 'condition negated', /OUT/, 'exp'],
]

describe('the properties of the op table', () => {
  test('hold without a change', async () => {
    const program = await programs.make({})
    expect(await run(program, few('tanh', 'cat'))).toEqual({ failed: null })
  })

  test.each(changes)('of %s notice: %s, %s', async (rule, operator, before, op) => {
    const [mutant] = mutantsOf(rule, operator, before)
    const { text } = files.find(({ file }) => file === mutant.file)!
    const program = await programs.make({ [mutant.file]: withChange(text, mutant.change) })
    const { failed } = await run(program, few(op))
    expect(failed).toMatchObject({ op })
  })

  test('show which rules they pass', async () => {
    const program = await programs.makeWatched(files, probes)
    const { seen } = await run(program, few('tanh'))
    const [law, passed] = seen![0]
    expect(law).toBe('first order')
    expect(passed).toContain(mutantsOf('tanh', 'sign turned', /^mul/)[0].site)
    expect(passed).not.toContain(mutantsOf('tan', 'sign turned', /^mul/)[0].site)
  })
})

test('every kind of change is made somewhere, and none twice', () => {
  const kinds = new Set(all.map(({ change }) => change.operator))
  expect([...kinds]).toEqual(expect.arrayContaining(changes.map(([, operator]) => operator)))
  expect(kinds.size).toBe(16)
  const places = all.map(({ file, change: c }) => `${file} ${c.start} ${c.end} ${c.text}`)
  expect(new Set(places).size).toBe(all.length)
})

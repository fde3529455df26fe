import * as core from '@gradtape/core'
import type { EntryInfo, Tensor } from '@gradtape/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraries, opTable, programProperties, type TableEntry } from '../src/index.ts'
import { programOps } from '../src/programs/pool-sampler.ts'

describe('random programs', () => {
  const drawn = fc.sample(arbitraries.programs(), { numRuns: 100, seed: 3 })

  test('have up to 30 ops, besides those that fit arguments, of most of the table', () => {
    const lengths = drawn.map(({ steps }) => steps.length)
    expect(Math.max(...lengths)).toBeGreaterThan(30)
    expect(Math.min(...lengths)).toBeLessThan(10)
    const names = new Set(drawn.flatMap(({ steps }) => steps.map(({ name }) => name)))
    expect(names.size).toBeGreaterThan(0.8 * programOps().length)
    const one = fc.sample(arbitraries.programs({ maxOps: 1, ops: [opTable().get('tanh')!] }), 20)
    for (const { steps } of one) expect(steps.map(({ name }) => name)).toEqual(['tanh'])
  })

  test('use what they have computed', () => {
    const reused = drawn.filter(({ inputs, steps }) => steps.length > 3 * inputs.length)
    expect(reused.length).toBeGreaterThan(50)
  })

  test('run to the same results again, which are finite', () => {
    for (const { run, inputs } of drawn.slice(0, 20)) {
      const [a, b] = [run(...inputs), run(...inputs)].map((ys) => ys.map((y) => y.toTypedArray()))
      expect(a).toEqual(b)
      expect(a.flatMap((data) => [...data]).every(Number.isFinite)).toBe(true)
    }
  })

  test('can be pasted as code', () => {
    const names = Object.keys(core).join(', ')
    for (const program of drawn) {
      const run = new Function(
        'core',
        `const { ${names} } = core\n${program.code()}\nreturn f(...inputs)`,
      )
      const pasted = run(core) as Tensor[]
      const made = program.run(...program.inputs)
      expect(pasted.map((y) => y.toTypedArray())).toEqual(made.map((y) => y.toTypedArray()))
    }
  })
})

describe.each(programProperties().map((property) => [property.law, property] as const))(
  '%s',
  (_, property) => {
    test('holds', () => property.check({ numRuns: 20 }))
  },
)

test('a wrong op among right ones is found, in a program of it alone, as code', () => {
  const entry: EntryInfo = {
    name: 'wrong',
    kind: 'elementwise',
    differentiable: true,
    samples: (g) => [g.real(g.shape())],
  }
  const wrong = Object.assign((x: Tensor) => x.mul(x.detach()), { entry }) as TableEntry
  const ops = [...programOps(), ...Array.from({ length: 10 }, () => wrong)]
  const [firstOrder] = programProperties()
  let message = ''
  try {
    firstOrder.check({ ops, numRuns: 20, seed: 4 })
  } catch (error) {
    message = (error as Error).message
  }
  expect(message).toMatch(
    /^programs, first order: failed after \d+ programs; \{ seed: 4, path: '[\d:]+' \} repeats it, shrunk \d+ times/,
  )
  const lines = message.slice(message.indexOf('const f'), message.indexOf('\n}')).split('\n')
  expect(lines).toHaveLength(3)
  expect(lines[1]).toBe('  const v0 = wrong(x0)')
  expect(message).toMatch(/const inputs = \[tensor\(\[.*requiresGrad: true \}\)\]/)
  expect(message).toMatch(/gradcheck of run: the gradient of input 0/)
  const path = /path: '([\d:]+)'/.exec(message)![1]
  expect(() => firstOrder.check({ ops, numRuns: 1, seed: 4, path })).toThrow(
    /const v0 = wrong\(x0\)/,
  )
  expect(() => firstOrder.check({ ops: programOps(), numRuns: 1, seed: 4 })).not.toThrow()
})

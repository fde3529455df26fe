import { GradientError, mul, noGrad, ShapeError, type Tensor } from '@gradtape/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { opTable, type TableEntry } from '../../src/index.ts'
import { expectEqual } from '../../src/properties/laws.ts'
import { opProperty, type Case } from '../../src/properties/op-property.ts'
import { formulas } from './formulas.ts'

const updates = [...opTable().values()].filter((fn) => fn.entry.kind === 'update')

/** Whether several elements lie in one place, as after expand: such a tensor can't be changed. */
function isShared({ numel, shape, layout }: Tensor): boolean {
  return numel > 1 && layout.strides.some((stride, d) => stride === 0 && shape[d] > 1)
}

const runsInPlace = ({ call }: Case): Tensor => noGrad(() => call() as Tensor)

const laws: Record<string, (fn: TableEntry) => (sample: Case) => void> = {
  'leaves what its formula says, and returns its argument': (fn) => (sample) => {
    const [x] = sample.args as [Tensor]
    fc.pre(!isShared(x))
    const expected = noGrad(() => formulas[fn.entry.name](...(sample.args as never)))
    expect(runsInPlace(sample)).toBe(x)
    expectEqual(x.detach(), expected, 'in place', 'of the formula', 0)
  },

  'refuses a tensor whose elements share memory': () => (sample) => {
    const [x] = sample.args as [Tensor]
    fc.pre(isShared(x))
    const before = x.toTypedArray()
    expect(() => runsInPlace(sample)).toThrow(ShapeError)
    expect(x.toTypedArray()).toEqual(before)
  },

  'refuses to be recorded, and changes nothing then': () => (sample) => {
    const [x] = sample.args as [Tensor]
    fc.pre(!isShared(x))
    const before = x.toTypedArray()
    expect(sample.call).toThrow(GradientError)
    expect(x.toTypedArray()).toEqual(before)
  },

  'is noticed by those who saved the value': () => (sample) => {
    const [x] = sample.args as [Tensor]
    fc.pre(!isShared(x))
    const y = mul(x, x)
    runsInPlace(sample)
    expect(() => y.backward(y.detach())).toThrow(/mul saved .* changed in place/)
  },
}

describe.each(updates.map((fn) => [fn.entry.name, fn] as const))('%s', (_, fn) => {
  test.each(Object.entries(laws))('%s', (law, holds) => {
    opProperty(fn, law, holds(fn)).check({ numRuns: 100 })
  })
})

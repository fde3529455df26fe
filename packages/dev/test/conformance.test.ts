import { matmul, tensor, type EntryInfo, type Tensor } from '@gradtape/core'
import { opTable, type TableEntry } from '@gradtape/testing'
import { describe, expect, test } from 'vitest'
import { command } from '../src/command.ts'
import { casesOf, draw, outcomeOf } from '../src/conformance/cases.ts'
import { compare, ulp } from '../src/conformance/compare.ts'
import { rightOf, type Right } from '../src/conformance/right.ts'
import { sortOf } from '../src/conformance/tolerances.ts'
import { inRoot } from '../src/root.ts'
import { tiers } from '../src/tiers/engine.ts'

const named = (op: string): TableEntry => opTable().get(op)!

/** What an op comes to, and should, for arguments of our own. */
function rightFor(
  entry: Partial<EntryInfo>,
  call: (...args: Tensor[]) => Tensor,
  args: Tensor[],
): Right[] {
  const info: EntryInfo = {
    name: 'own',
    kind: 'composed',
    differentiable: true,
    samples: () => args,
    ...entry,
  }
  const fn = Object.assign(call, { entry: info }) as unknown as TableEntry
  return [...rightOf(fn, { op: 'own', dtype: 'float32', size: 'small', seed: 0 }).results]
}

const float = (numbers: number[]): Tensor => tensor(numbers, { dtype: 'float32' })

describe('what results may be off by', () => {
  test('is one rounding for one step, and none for what is exact', () => {
    const x = float([1.5, -2, 3])
    const [product, gradient] = rightFor({}, (a) => a.mul(a), [x])
    expect([...product!.errors]).toEqual([2.25, 4, 9])
    // Both shares of the gradient are products, and so is their sum rounded.
    expect(gradient!.errors.every((error) => error > 0)).toBe(true)
    const [flipped] = rightFor({}, (a) => a.neg().flip([0]), [x])
    expect([...flipped!.errors]).toEqual([0, 0, 0])
  })

  test('is carried on by derivatives, and adds up in sums and products of matrices', () => {
    const [cancelled] = rightFor({ differentiable: false }, (a, b) => a.mul(b).sub(1), [
      float([3]),
      float([0.34]),
    ])
    const product = 3 * Math.fround(0.34)
    expect(cancelled!.errors[0]).toBeCloseTo(product + (product - 1), 12)
    const [sum] = rightFor({ differentiable: false }, (a) => a.sum(), [float([5, -4, 1])])
    expect([...sum!.errors]).toEqual([10])
    const [dot] = rightFor({ differentiable: false }, (a, b) => matmul(a, b), [
      float([1, -2]),
      float([3, 2]),
    ])
    expect([...dot!.errors]).toEqual([7])
  })

  test('is a jump where one is near enough', () => {
    const third = Math.fround(1 / 3)
    const [floors] = rightFor({ differentiable: false }, (a) => a.mul(3).floor(), [
      float([third, 0.5]),
    ])
    expect(floors!.errors[0]).toBeGreaterThan(1e6)
    expect(floors!.errors[1]).toBe(0)
  })
})

describe('the comparison', () => {
  const right: Right[] = [
    {
      dtype: 'float64',
      elements: Float64Array.of(1, 2, NaN, Infinity),
      errors: Float64Array.of(1, 0, 1, 1),
    },
  ]
  const off = (...elements: number[]): number =>
    compare([{ dtype: 'float32', elements: Float32Array.from(elements) }], right).worst

  test('is in ulp of what may be rounded', () => {
    expect(off(1, 2, NaN, Infinity)).toBe(0)
    expect(off(1 + 3 * 2 ** -23, 2, NaN, Infinity)).toBe(3)
    expect(ulp(1, 'float32')).toBe(2 ** -23)
    expect(ulp(0.75, 'float64')).toBe(2 ** -53)
    expect(ulp(1e-42, 'float32')).toBe(2 ** -149)
  })

  test('leaves no room where nothing is rounded, nor beyond numbers', () => {
    expect(off(1, 2 + 2 ** -22, NaN, Infinity)).toBe(Infinity)
    expect(off(NaN, 2, NaN, Infinity)).toBe(Infinity)
    expect(off(1, 2, 0, Infinity)).toBe(Infinity)
    expect(off(1, 2, NaN, -Infinity)).toBe(Infinity)
    expect(compare([], right).worst).toBe(Infinity)
  })
})

describe('the cases', () => {
  test('repeat by their seed, and are large where kernels begin', () => {
    const [small, large] = casesOf(named('exp'), { small: 1, large: 1, huge: 0 }, 1)
    const numbers = (one: typeof small): number[] =>
      outcomeOf(named('exp'), one!).values[0]!.toArray() as never
    expect(numbers(large)).toEqual(numbers(large))
    expect((draw(named('exp'), large!).args[0] as Tensor).numel).toBeGreaterThan(1024)
    expect((draw(named('exp'), small!).args[0] as Tensor).numel).toBeLessThan(1024)
  })

  test('lie in memory in every way', () => {
    const layouts = casesOf(named('exp'), { small: 0, large: 40, huge: 0 }, 1).map((one) => {
      const { layout, storage, numel } = draw(named('exp'), one).args[0] as Tensor
      if (layout.isContiguous) return storage.length > numel ? 'offset' : 'contiguous'
      if (layout.period === 1) return 'uniform'
      return layout.strides.includes(0) ? 'expanded' : 'strided'
    })
    expect(new Set(layouts)).toEqual(
      new Set(['contiguous', 'offset', 'uniform', 'expanded', 'strided']),
    )
  })

  test('are of one sort', () => {
    expect(['tanh', 'sum', 'softmax', 'conv2d', 'einsum', 'cat', 'add_'].map((op) => sortOf(named(op).entry))).toEqual([
      'formulas', 'sums', 'sums', 'products', 'products', 'sums', 'formulas',
    ]) // prettier-ignore
  })
})

describe('`npm run conformance`', () => {
  const run = (...args: string[]): ReturnType<typeof command> =>
    command(process.execPath, [inRoot('packages/dev/bootstrap.mjs'), script, ...args])
  const script = inRoot('packages/dev/src/conformance.ts')

  test('finds every op right on every tier', async () => {
    // Two threads are as three, and are tested by themselves.
    const chosen = tiers.filter((tier) => tier !== 'threads-2')
    const { ok, output } = await run(
      '--small',
      '1',
      '--large',
      '1',
      '--huge',
      '1',
      '--tiers',
      chosen.join(),
    )
    expect(ok ? '' : output).toBe('')
    for (const tier of chosen)
      expect(output).toMatch(new RegExp(`^${tier}(: not run\\.| +\\d)`, 'm'))
    expect(output).toMatch(/^threads-3 +\d/m)
    expect(output).toContain('; 0 wrong.')
  }, 120_000)

  test('refuses what it does not know', async () => {
    expect((await run('--ops', 'tahn')).output).toContain('conformance: there is no op called tahn')
    expect((await run('--tiers', 'wasm3')).output).toContain('there is no tier called wasm3')
    expect((await run('--large', 'x')).output).toContain(
      '--large must be an integer from 0 on, got x',
    )
  })
})

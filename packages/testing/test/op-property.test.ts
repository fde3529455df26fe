import {
  customOp,
  isTensor,
  noGrad,
  relu,
  stack,
  type EntryInfo,
  type Tensor,
} from '@gradtape/core'
import { describe, expect, test } from 'vitest'
import { opTable, opTableProperties, type OpProperty, type TableEntry } from '../src/index.ts'

/** A table entry made up for a test. */
function entryOf(f: (x: Tensor) => unknown, info: Partial<EntryInfo> = {}): TableEntry {
  const entry: EntryInfo = {
    name: 'made',
    kind: 'composed',
    differentiable: true,
    method: null,
    samples: (g) => [g.real(g.shape())],
    ...info,
  }
  return Object.assign(f as (...args: never[]) => unknown, { entry })
}

function lawOf(fn: TableEntry, law: string): OpProperty {
  return opTableProperties([fn]).find((property) => property.law === law)!
}

function failureOf(property: OpProperty, options = {}): string {
  try {
    property.check(options)
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('the property held')
}

describe('a wrong op is found', () => {
  test('by its first order, with a shrunk call to paste and what repeats it', () => {
    const message = failureOf(
      lawOf(
        entryOf((x) => x.mul(x.detach())),
        'first order',
      ),
      { seed: 5 },
    )
    expect(message).toMatch(
      /^made, first order: failed after \d+ cases; \{ seed: 5, path: '\d+' \}/,
    )
    expect(message).toMatch(/const x0 = tensor\(\[.*\], \{ shape: \[.*\], dtype: 'float64' \}\)/)
    expect(message).toMatch(/^made\(x0\)$/m)
    expect(message).toMatch(/gradcheck: the gradient of input 0/)
  })

  test('again by the seed and path of the failure', () => {
    // Fails for few cases only, so that it matters which case is drawn.
    const rare = entryOf((x) => (x.numel === 6 ? x.detach().sub(x) : x))
    const property = lawOf(rare, 'first order')
    const message = failureOf(property, { seed: 5 })
    const path = /path: '(\d+)'/.exec(message)![1]
    expect(Number(path)).toBeGreaterThan(0)
    const again = failureOf(property, { seed: 5, path, numRuns: 1 })
    expect(again.slice(again.indexOf('\n'))).toBe(message.slice(message.indexOf('\n')))
  })

  test('by its second order', () => {
    const f = entryOf((x) => x.mul(x).sub(x.mul(x.detach())).add(x.detach().square()))
    expect(failureOf(lawOf(f, 'second order'))).toMatch(/gradgradcheck/)
  })

  test('by its third order, where the first two are right', () => {
    // Taylor's polynomial of exp about x itself.
    const f = entryOf((x) => {
      const [about, away] = [x.detach().exp(), x.sub(x.detach())]
      return about.mul(away.square().div(2).add(away).add(1))
    })
    lawOf(f, 'first order').check({ numRuns: 50 })
    lawOf(f, 'second order').check({ numRuns: 50 })
    expect(failureOf(lawOf(f, 'third order'))).toMatch(/third order: the gradient of the second/)
  })

  test('by its third order, where the ways to it differ', () => {
    const f = entryOf((x) => (x.requiresGrad ? x.exp() : x.detach().exp().add(x).sub(x.detach())))
    expect(failureOf(lawOf(f, 'third order'))).toMatch(
      /third order: .* mode .* gives .*, reverse mode thrice/,
    )
  })

  test('by forward mode that is not the adjoint of reverse mode', () => {
    const f = entryOf((x) => noGrad(() => x.mul(2)))
    expect(failureOf(lawOf(f, 'adjoint'))).toMatch(/forward mode gives .*, reverse .* = 0/)
  })

  test('by views that are not as copies', () => {
    const f = entryOf((x) => (x.layout.isContiguous ? x : x.add(1)))
    expect(failureOf(lawOf(f, 'views as copies'))).toMatch(/element 0 of result 0 of views is/)
  })

  test('by a method that is another function', () => {
    const f = entryOf((x) => x.exp(), { name: 'sin', method: {} })
    expect(failureOf(lawOf(f, 'method as function'))).toMatch(/of the method is/)
  })

  test('by a constant that requires gradients', () => {
    const f = entryOf((x) => x.exp(), { differentiable: false })
    expect(failureOf(lawOf(f, 'constant'))).toMatch(/requires gradients/)
  })

  test('by a result that is not finite', () => {
    const f = entryOf((x) => x.log())
    expect(failureOf(lawOf(f, 'first order'))).toMatch(/finite arguments gave a result that is not/)
  })
})

describe('cases', () => {
  test('stay away from kinks', () => {
    let nearest = Infinity
    const f = entryOf(
      (x) => {
        for (const value of x.data) nearest = Math.min(nearest, Math.abs(value))
        return relu(x)
      },
      { kinks: ((x: Tensor) => x) as never, samples: (g) => [g.real([8], [-0.1, 0.1])] },
    )
    lawOf(f, 'first order').check({ numRuns: 20 })
    expect(nearest).toBeGreaterThan(0.009)
  })

  test('say so when too few are away from kinks', () => {
    const f = entryOf(relu, {
      kinks: ((x: Tensor) => x.mul(0)) as never,
      samples: (g) => [g.real([2])],
    })
    expect(failureOf(lawOf(f, 'first order'), { numRuns: 5 })).toMatch(/only 0 cases of 5/)
  })

  test('use a tensor twice at times, and differentiate it once', () => {
    let same = 0
    const pair = (a: Tensor, b: Tensor): Tensor => {
      if (a === b) same++
      return stack([a, b])
    }
    const { entry } = entryOf((x) => x, { samples: (g) => [g.real([2]), g.real([2])] })
    lawOf(Object.assign(pair, { entry }), 'first order').check({ numRuns: 100 })
    expect(same).toBeGreaterThan(20)
  })
})

describe('a search that finds nothing wrong', () => {
  test('tells how many cases it has tested, shows them, and counts those left out', () => {
    const seen: (readonly unknown[])[] = []
    const { cases, skipped } = lawOf(
      entryOf(relu, {
        kinks: ((x: Tensor) => x) as never,
        samples: (g) => [g.real([4], [-0.1, 0.1])],
      }),
      'first order',
    ).check({
      numRuns: 30,
      onCase: (args) => seen.push(args),
    })
    expect(cases).toBe(30)
    expect(seen).toHaveLength(30)
    expect(skipped).toBeGreaterThan(0)
    expect(seen.every((args) => isTensor(args[0]))).toBe(true)
  })

  test('tells the worst error of derivatives, and none of values', () => {
    const cubed = entryOf((x) => x.mul(x).mul(x))
    const worst = (law: string): number => lawOf(cubed, law).check({ numRuns: 30 }).worstError
    for (const law of ['first order', 'second order', 'third order', 'adjoint']) {
      expect(worst(law)).toBeGreaterThan(1e-18)
      expect(worst(law)).toBeLessThan(1e-9)
    }
    expect(worst('finite')).toBe(0)
    // Not what another search has seen before.
    expect(
      lawOf(
        entryOf((x) => x.neg()),
        'adjoint',
      ).check({ numRuns: 1 }).worstError,
    ).toBe(0)
  })

  test('tells an error below the tolerance', () => {
    const off = customOp({ forward: (x: Tensor) => x.mul(2), vjp: (ct) => ct.mul(2 + 1e-8) })
    const { worstError } = lawOf(entryOf(off), 'first order').check({ numRuns: 30 })
    expect(worstError).toBeGreaterThan(4.9e-9)
    expect(worstError).toBeLessThan(5.1e-9)
  })
})

test('the properties of part of the table', () => {
  const { name } = opTable().get('tanh')!.entry
  const properties = opTableProperties([opTable().get(name)!])
  expect(properties.map(({ law }) => law)).toEqual([
    'first order',
    'second order',
    'third order',
    'adjoint',
    'vmap of gradients',
    'linear pullback',
    'accumulation',
    'checkpoint as plain',
    'views as copies',
    'vmap as a loop',
    'finite',
    'repeats',
    'broadcast as expanded',
    'dtypes: float32 as float64',
    'dtypes: integers as floats',
    'dtypes: stored as computed',
    'method as function',
  ])
})

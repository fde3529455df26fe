import { customOp, type EntryInfo, type Tensor } from '@gradtape/core'
import { describe, expect, test } from 'vitest'
import { opTableProperties, type TableEntry } from '../src/index.ts'

type Made = (x: Tensor) => Tensor

/** What a law says of an op made up for a test. */
function failureOf(law: string, f: Made, info: Partial<EntryInfo> = {}): string {
  const entry: EntryInfo = {
    name: 'made',
    kind: 'elementwise',
    differentiable: true,
    method: null,
    samples: (g) => [g.real(g.filled())],
    ...info,
  }
  const fn: TableEntry = Object.assign(f as (...args: never[]) => unknown, { entry })
  try {
    opTableProperties([fn])
      .find((property) => property.law === law)!
      .check()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('the law held')
}

/** The identity with a made-up pullback. */
function identity(vjp: (ct: Tensor, x: Tensor) => Tensor): Made {
  return customOp({
    forward: (x: Tensor) => x.clone(),
    vjp: (ct: Tensor, { inputs: [x] }) => vjp(ct, x),
  })
}

/** Counts its calls from 0 on. */
function counter(): () => number {
  let calls = 0
  return () => calls++
}

describe('linear pullback', () => {
  test('refuses one that adds something', () => {
    const f = identity((ct) => ct.add(1))
    expect(failureOf('linear pullback', f)).toMatch(
      /of the pullback of a·u \+ b·v is .*, of a times/,
    )
  })

  test('refuses one that reads the cotangent in its memory order', () => {
    const f = identity((ct) => (ct.layout.isContiguous ? ct : ct.neg()))
    expect(failureOf('linear pullback', f)).toMatch(/of the pullback of a·u \+ b·v is/)
  })
})

describe('accumulation', () => {
  test('refuses gradients of which a second pass makes others', () => {
    const pass = counter()
    const f = identity((ct) => ct.mul(1 + (pass() % 4)))
    expect(failureOf('accumulation', f)).toMatch(/of two passes is .*, of the pass of the sum/)
  })
})

describe('checkpoint as plain', () => {
  test('refuses gradients of what was computed otherwise the second time', () => {
    const call = counter()
    const f: Made = (x) => x.mul(x.detach().mul(call() % 3 === 1 ? 2 : 1))
    expect(failureOf('checkpoint as plain', f)).toMatch(
      /of result 1 of a checkpoint is .*, without it/,
    )
  })
})

describe('finite', () => {
  test('refuses a pole in the domain', () => {
    expect(failureOf('finite', (x) => x.reciprocal())).toMatch(/the results tensor\(.*inf/)
  })

  test('refuses a gradient that is none at a kink', () => {
    expect(failureOf('finite', (x) => x.abs().sqrt())).toMatch(/the gradients tensor\(.*nan/)
  })

  test('refuses a gradient that is none where all elements are equal', () => {
    const f: Made = (x) => x.sub(x.detach().mean()).square().sum().sqrt()
    expect(failureOf('finite', f)).toMatch(/the gradients tensor\(.*nan/)
  })
})

describe('repeats', () => {
  test('refuses results that change from call to call', () => {
    const call = counter()
    expect(failureOf('repeats', (x) => x.add(call()))).toMatch(/the second time|at first/)
  })

  test('refuses gradients that do', () => {
    const pass = counter()
    const f = identity((ct) => ct.mul(1 + (pass() % 2)))
    expect(failureOf('repeats', f)).toMatch(/the first time is .*, the second time/)
  })

  test('refuses a zero of another sign', () => {
    const call = counter()
    const f: Made = (x) => x.detach().mul(call() % 2 === 0 ? 0 : -0)
    const message = failureOf('repeats', f, { differentiable: false })
    expect(message).toMatch(/is a zero of another sign than at first/)
  })

  test('refuses an argument that is written to', () => {
    const f: Made = (x) => {
      const result = x.detach().clone()
      x.detach().fill_(0)
      return result.mul(0).abs()
    }
    const scalar = {
      differentiable: false,
      samples: (g) => [g.real([])],
    } satisfies Partial<EntryInfo>
    expect(failureOf('repeats', f, scalar)).toMatch(/left of the arguments is 0, before/)
  })
})

describe('broadcast as expanded', () => {
  test('refuses values that depend on the number of dims', () => {
    const f: Made = (x) => (x.ndim === 2 ? x.add(1) : x)
    expect(failureOf('broadcast as expanded', f)).toMatch(/of expanded copies is .*, expanded/)
  })

  test('refuses gradients that do', () => {
    const f = identity((ct) => (ct.ndim === 2 ? ct.mul(2) : ct))
    expect(failureOf('broadcast as expanded', f)).toMatch(/of operands that are broadcast is/)
  })

  test('is of elementwise ops only', () => {
    const entry: EntryInfo = {
      name: 'made',
      kind: 'reduction',
      differentiable: true,
      samples: () => [],
    }
    const laws = opTableProperties([Object.assign(() => null, { entry })]).map(({ law }) => law)
    expect(laws).toContain('linear pullback')
    expect(laws).not.toContain('broadcast as expanded')
  })
})

test('views as copies refuses gradients that depend on the layout', () => {
  const f = identity((ct, x) => (x.layout.isContiguous ? ct : ct.mul(2)))
  expect(failureOf('views as copies', f)).toMatch(/of views, back, is .*, of contiguous copies/)
})

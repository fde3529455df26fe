import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as core from '../src/index.ts'
import { apply, withHandler } from '../src/op.ts'
import { farthest } from './close.ts'

const { einsum, randn } = core

/** A sum over every letter of the products of elements, by its definition. */
function bySum(
  terms: readonly string[],
  output: string,
  sizes: Readonly<Record<string, number>>,
  tensors: readonly core.Tensor[],
): number[] {
  const summed = [...new Set(terms.join(''))].filter((letter) => !output.includes(letter))
  const order = [...output, ...summed]
  const results: number[] = []
  const visit = (index: Record<string, number>, depth: number): number => {
    if (depth < order.length) {
      const letter = order[depth]
      let total = 0
      for (let i = 0; i < sizes[letter]; i++) {
        const part = visit({ ...index, [letter]: i }, depth + 1)
        total += part
      }
      if (depth === output.length) results.push(total)
      return total
    }
    const product = terms.reduce((all, term, k) => {
      const { shape, data } = tensors[k]
      const place = [...term].reduce(
        (at, letter, d) => at * shape[d] + (shape[d] === 1 ? 0 : index[letter]),
        0,
      )
      return all * data[place]
    }, 1)
    if (depth === output.length) results.push(product)
    return product
  }
  visit({}, 0)
  return results
}

test('einsum is the sum of products that its equation says', () => {
  const letters = ['a', 'b', 'c', 'd']
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.constantFrom(...letters), { maxLength: 3 }), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.record({ a: fc.nat(3), b: fc.nat(3), c: fc.nat(3), d: fc.nat(3) }),
      fc.shuffledSubarray(letters),
      fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      fc.nat(1000),
      (lists, sizes, wanted, ones, seed) => {
        const terms = lists.map((list) => list.join(''))
        const output = wanted.filter((letter) => terms.join('').includes(letter)).join('')
        const generator = new core.RandomGenerator(seed)
        // Some operands have 1 in place of every size, as far as others have the size itself.
        const shapes = lists.map((list, k) =>
          list.map((letter) =>
            ones[k] && lists.some((other, j) => !ones[j] && other.includes(letter))
              ? 1
              : sizes[letter as 'a'],
          ),
        )
        fc.pre(
          lists.every((list, k) =>
            list.every((letter, d) => shapes[k][list.indexOf(letter)] === shapes[k][d]),
          ),
        )
        const tensors = shapes.map((shape) => randn(shape, { dtype: 'float64', generator }))
        const found = einsum(`${terms.join(',')}->${output}`, ...tensors)
        expect(found.shape).toEqual([...output].map((letter) => sizes[letter as 'a']))
        const expected = bySum(terms, output, sizes, tensors)
        expect(farthest([...found.data], expected, 1e-12)).toBeUndefined()
      },
    ),
    { numRuns: 300 },
  )
})

describe('the order of a contraction', () => {
  /** The shapes of all results between the operands and the answer. */
  function between(equation: string, ...shapes: number[][]): string[] {
    const seen: string[] = []
    withHandler(
      {
        handle(op, inputs, attributes) {
          const out = apply(op, inputs, attributes)
          if (op.name === 'matmul' || op.name === 'mul') seen.push(`${op.name} ${out.shape.join()}`)
          return out
        },
      },
      () => einsum(equation, ...shapes.map((shape) => core.ones(shape))),
    )
    return seen
  }

  test('leaves matrices alone that a vector meets', () => {
    expect(between('ij,jk,k->i', [5, 5], [5, 5], [5])).toEqual(['matmul 5,1', 'matmul 5,1'])
  })

  test('makes no outer product that another factor would sum', () => {
    expect(between('i,j,ij->', [5], [5], [5, 5])).toEqual(['matmul 1,5', 'matmul 1,1'])
  })

  test('takes the small end of a chain first', () => {
    expect(between('ab,bc,cd->ad', [9, 8], [8, 7], [7, 1])).toEqual(['matmul 8,1', 'matmul 9,1'])
    expect(between('ab,bc,cd->ad', [1, 8], [8, 7], [7, 9])).toEqual(['matmul 1,7', 'matmul 1,9'])
  })

  test('sums what only one has before it multiplies', () => {
    expect(between('ij,kl->', [2, 3], [4, 5])).toEqual(['mul '])
  })
})

test('dtypes promote', () => {
  const x = core.tensor([1.5, 2])
  expect(einsum('i,i', x, x.double()).dtype).toBe('float64')
  expect(einsum('i,i->i', core.tensor([1, 2], { dtype: 'int32' }), x).toArray()).toEqual([1.5, 4])
})

describe('views', () => {
  test('a diagonal or a permutation shares memory', () => {
    const x = core.tensor([[1, 2], [3, 4]]) // prettier-ignore
    core.fill_(einsum('ii->i', x), 0)
    expect(x.toArray()).toEqual([[0, 2], [3, 0]]) // prettier-ignore
    core.fill_(x.diagonal(1), 9)
    expect(einsum('ij->ji', x).toArray()).toEqual([[0, 3], [9, 0]]) // prettier-ignore
  })

  test.each(['flip', 'roll', 'repeat', 'pad', 'diag', 'tril'])('%s copies', (name) => {
    const x = core.ones([2, 2])
    const args: Record<string, unknown> = {
      flip: [],
      roll: 0,
      repeat: [1, 1],
      pad: [0, 0],
      tril: 5,
    }
    const call = (core as unknown as Record<string, (...a: unknown[]) => core.Tensor>)[name]
    call(x, args[name]).fill_(0)
    expect(x.toArray()).toEqual([[1, 1], [1, 1]]) // prettier-ignore
  })
})

import { describe, expect, test } from 'vitest'
import { cumprod, cumsum, jvp, manualSeed, median, rand, sort, tensor, topk } from '../src/index.ts'
import type { Tensor } from '../src/index.ts'
import { recurrenceOf } from '../src/kinds/recurrence.ts'

// What PyTorch leaves open or computes in int64; all else is in its fixtures.

const ints = { dtype: 'int32' } as const

describe('among equal elements', () => {
  test('topk takes the first ones', () => {
    const { values, indices } = topk(tensor([1, 3, 3, 2, 3]), 2)
    expect([values.toArray(), indices.toArray()]).toEqual([[3, 3], [1, 2]]) // prettier-ignore
    const smallest = topk(tensor([2, 1, 1, 2, 1]), 4, { largest: false })
    expect(smallest.indices.toArray()).toEqual([1, 2, 4, 0])
  })

  test('median gives the place of the one that a stable sort puts in the middle', () => {
    const { values, indices } = median(tensor([[2, 1, 2, 2], [0, 0, 0, 0]]), 1) // prettier-ignore
    expect([values.toArray(), indices.toArray()]).toEqual([[2, 0], [0, 1]]) // prettier-ignore
  })

  test('the gradient goes to the one that was taken', () => {
    const x = tensor([1, 3, 3, 2], { requiresGrad: true })
    topk(x, 1).values.sum().backward()
    expect(x.grad!.toArray()).toEqual([0, 1, 0, 0])
  })
})

describe('sort', () => {
  test('orders long lines, and its indices say how', () => {
    manualSeed(0)
    const x = rand([1000], { dtype: 'float64' })
    const { values, indices } = sort(x)
    expect([...values.data]).toEqual([...x.data].toSorted((a, b) => a - b))
    expect(x.gather(0, indices).toArray()).toEqual(values.toArray())
    expect([...sort(x, { descending: true }).values.data]).toEqual([...values.data].toReversed())
  })

  test('indices are int32 and carry no gradient', () => {
    const { values, indices } = sort(tensor([2, 1], { requiresGrad: true }))
    expect([indices.dtype, indices.requiresGrad, values.requiresGrad]).toEqual([
      'int32',
      false,
      true,
    ])
  })

  test('leaves its argument as it was', () => {
    const x = tensor([3, 1, 2])
    sort(x)
    expect(x.toArray()).toEqual([3, 1, 2])
  })
})

describe('running totals', () => {
  test('of int32 wrap as int32, exactly', () => {
    expect(cumsum(tensor([2 ** 31 - 1, 1, 1], ints), 0).toArray()).toEqual([
      2 ** 31 - 1,
      -(2 ** 31),
      1 - 2 ** 31,
    ])
    const factors = [65537, 65539, 65541, 3]
    const products = factors.map((_, i) =>
      factors.slice(0, i + 1).reduce((a, b) => Math.imul(a, b)),
    )
    const found = cumprod(tensor(factors, ints), 0)
    expect(found.toArray()).toEqual(products)
    expect(found.dtype).toBe('int32')
  })

  test('of float32 are carried on in double precision', () => {
    const tenth = Math.fround(0.1)
    const sums = cumsum(tensor(Array.from({ length: 1000 }, () => 0.1)), 0)
    expect(sums.data[999]).toBe(Math.fround(tenth * 1000))
    const x = tensor([1e-30, 1e-30, 1e30, 1e30])
    expect(cumprod(x, 0).data[3]).toBeCloseTo(1, 5)
  })

  test('one zero hides no gradient, whatever its place', () => {
    const x = tensor([3, 0, 5], { requiresGrad: true, dtype: 'float64' })
    cumprod(x, 0).sum().backward()
    expect(x.grad!.toArray()).toEqual([1, 18, 0])
  })
})

test('a recurrence in reverse is pushed as it is pulled back', () => {
  const a = tensor([2, -1, 0.5, 3], { requiresGrad: true, dtype: 'float64' })
  const direction = tensor([1, -2, 3, 0.5], { dtype: 'float64' })
  const weights = tensor([0.5, 1, -1, 2], { dtype: 'float64' })
  const f = (x: Tensor): Tensor => recurrenceOf(x, x.square(), 0, true)
  const [, pushed] = jvp(f, [a.detach()], [direction])
  f(a).backward(weights)
  expect(pushed.dot(weights).item()).toBeCloseTo(a.grad!.dot(direction).item(), 10)
  expect(f(a.detach()).toArray()).toEqual([-10.625, 14.625, 27.25, 9])
})

import { expect, test } from 'vitest'
import { tensor } from '@gradtape/core'
import { solve } from '../src/solve.ts'
import { figures, picture, run } from './run-example.ts'

const lines = run('newton', '--short')

/** The rows of numbers below a heading. */
function table(heading: string): number[][] {
  const start = lines.findIndex((line) => line.startsWith(heading)) + 2
  const end = lines.indexOf('', start)
  return lines
    .slice(start, end < 0 ? undefined : end)
    .map((line) => line.trim().split(/\s+/).map(Number))
}

test('seven steps of Newton find the lowest point', () => {
  const path = table("Newton's method")
  expect(path.map(([step]) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(path[7].slice(1, 3)).toEqual([1, 1])
  // There g is (-215.6, -88) and H is [[1330, 480], [480, 200]], with the determinant 35600.
  const first = [-1.2 + 880 / 35600, 1 + 13552 / 35600]
  expect(path[1].slice(1, 3)).toEqual(first.map((x) => Number(x.toFixed(6))))
})

test('the error is squared from step to step', () => {
  const distances = table("Newton's method").map((row) => row[4])
  expect(distances.slice(4, 7)).toEqual([5.6e-2, 9.6e-6, 1.9e-11])
  expect(distances[7]).toBeLessThan(1e-14)
})

test('gradient descent is still on its way after thousands', () => {
  const path = table('Gradient descent')
  expect(path.at(-1)![0]).toBe(5000)
  const [from, , to] = [path[0], path[1], path.at(-1)!].map((row) => row[4])
  expect(to).toBeLessThan(from / 10)
  expect(to).toBeGreaterThan(0.1)
})

test('Hessian-vector products are those of the matrix', () => {
  expect(figures(lines, 'H v by hvp differs')[0]).toBeLessThan(1e-11)
})

test('a thousand coordinates need few products', () => {
  const path = table("Newton's method by hvp, 1,000 coordinates")
  const [, value, slope, products, distance] = path.at(-1)!
  expect(value).toBeLessThan(1e-20)
  expect(slope).toBeLessThan(1e-9)
  expect(products).toBeLessThan(500)
  expect(distance).toBeLessThan(1e-9)
})

test('draws both paths over the contour lines', () => {
  const { documentElement } = picture(lines, 'The two paths')
  const texts = [...documentElement.querySelectorAll('text')].map((each) => each.textContent)
  const labels = ['Newton: 7 steps', 'gradient descent: 5,000 steps', 'start', 'goal']
  expect(texts).toEqual(expect.arrayContaining(labels))
  expect(documentElement.querySelectorAll('[aria-label="line"] path')).toHaveLength(2)
  expect(documentElement.querySelectorAll('[aria-label="dot"] circle')).toHaveLength(8)
  const contours = documentElement.querySelectorAll('[aria-label="contour"] path')
  expect(contours.length).toBeGreaterThan(8)
})

test('elimination changes rows where a pivot is zero, and solves several systems at once', () => {
  const float64 = { dtype: 'float64' } as const
  const A = tensor(
    [
      [0, 2, 1],
      [4, 1, 0],
      [2, 0, 5],
    ],
    float64,
  )
  const X = tensor(
    [
      [1, -2],
      [3, 0.5],
      [-1, 4],
    ],
    float64,
  )
  const found = solve(A, A.matmul(X))
  expect(found.shape).toEqual([3, 2])
  found.data.forEach((value, i) => expect(value).toBeCloseTo(X.data[i], 12))
  expect(solve(A, A.matmul(X.at('...', 0))).shape).toEqual([3])
})

import { expect, test } from 'vitest'
import { tensor } from '@gradtape/core'
import { numpyPrint, pythonPrint } from '../src/numpy-print.ts'

// What NumPy 1.24 prints for these.
test.each([
  [[[1, 2.5]], '[[1.  2.5]]'],
  [
    [
      [0.125, -10],
      [3, 0],
    ],
    '[[  0.125 -10.   ]\n [  3.      0.   ]]',
  ],
  [[[0.1234567849, 0.9999999951]], '[[0.12345678 1.        ]]'],
])('a matrix as NumPy prints it: %j', (matrix, printed) => {
  expect(numpyPrint(tensor(matrix as number[][], { dtype: 'float64' }))).toBe(printed)
})

test.each([
  [1, '1.0'],
  [-2, '-2.0'],
  [0.82, '0.82'],
])('a number as Python prints it: %d', (x, printed) => expect(pythonPrint(x)).toBe(printed))

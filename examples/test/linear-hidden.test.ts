import { expect, test } from 'vitest'
import { expectClose, golden } from '../../packages/dev/test/networks/golden.ts'
import { run } from './run-example.ts'

const lines = run('linear-hidden', '--short')
const [expected] = golden['linear-hidden']

/** The columns of the table: `W1[0][0]  0  -0.119…  -0.1192029220  hand`. */
function row(place: string): { hand: number; tape: number; judged: number; wrong: string } {
  const line = lines.find((each) => each.startsWith(place))
  const [, hand, tape, judged, ...wrong] = line!.trim().split(/\s+/)
  return { hand: Number(hand), tape: Number(tape), judged: Number(judged), wrong: wrong.join(' ') }
}

const places = (name: string, gradient: number[][]) =>
  gradient.flatMap((values, i) => values.map((value, j) => [`${name}[${i}][${j}]`, value] as const))

test('prints what the tutorial prints', () => {
  expect(lines.slice(0, 3)).toEqual([
    'Initial W11: 1.0',
    'iteration: 0, cross entropy cost: 0.126928',
    'Value of W11 after backpropagation: 1.0',
  ])
})

test.each([
  ...places('W1', expected.correctGradW1),
  ...places('b1', expected.gradB1),
  ...places('W2', expected.gradW2),
  ...places('b2', expected.gradB2),
])('the tape is right about %s, and differences say so', (place, gradient) => {
  const { tape, judged } = row(place)
  expectClose(tape, gradient, 1e-12)
  expect(judged).toBeCloseTo(gradient, 8)
})

test('the mistake in the backward pass written by hand is found', () => {
  expect(row('W1[0][0]')).toMatchObject({ hand: 0, wrong: 'hand' })
  expect(row('W1[1][0]')).toMatchObject({ hand: 0, wrong: 'hand' })
  expect(row('b1[0][0]')).toMatchObject({ hand: 0, wrong: 'hand' })
  // The second input is 0, so that its weights have no gradient either way.
  expect(row('W1[0][1]')).toMatchObject({ hand: 0, wrong: '' })
  expect(row('W2[0][0]')).toMatchObject({ wrong: '' })
  expect(lines).toContain('Wrong by hand: W1, b1')
  expect(lines).toContain('Wrong by the tape: none')
})

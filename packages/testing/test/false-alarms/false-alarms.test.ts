import { expect, test } from 'vitest'
import { falseAlarms } from './correct.ts'

test('no right gradient is refused, at kinks or elsewhere', () => {
  const { alarms, checks, kinks } = falseAlarms(150, 1)
  expect(alarms).toEqual([])
  expect(checks).toBeGreaterThan(125)
  expect(kinks).toBeGreaterThan(5)
})

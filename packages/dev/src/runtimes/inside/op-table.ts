// Every law of every op of the table, with fewer cases than where the whole suite runs.
import { test } from 'vitest'
import { opTableProperties } from '@gradtape/testing'

const CASES = 15

for (const property of opTableProperties()) {
  test(`${property.op}: ${property.law}`, () => void property.check({ numRuns: CASES }))
}

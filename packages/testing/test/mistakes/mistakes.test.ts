import { readFileSync } from 'node:fs'
import type { Tensor } from '@gradtape/core'
import { describe, expect, test } from 'vitest'
import { gradcheck, gradgradcheck, type GradcheckOptions } from '../../src/index.ts'
import { mistakes, type Mistake } from './mistakes.ts'

function passes({ inputs, order }: Mistake, f: Mistake['wrong'], fastMode = false): boolean {
  const options: GradcheckOptions = { raiseException: false, fastMode }
  const xs: Tensor[] = inputs()
  if (!gradcheck(f, xs, options)) return false
  return order === undefined || gradgradcheck(f, xs, options)
}

describe.each([false, true])('fast mode %s', (fastMode) => {
  test.each(mistakes.map((mistake) => [mistake.name, mistake] as const))('%s', (_, mistake) => {
    expect(passes(mistake, mistake.wrong, fastMode)).toBe(false)
    expect(passes(mistake, mistake.right, fastMode)).toBe(true)
  })
})

test('the same twenty were tried with PyTorch', () => {
  const golden = new URL('../golden/mistakes.json', import.meta.url)
  const { found } = JSON.parse(readFileSync(golden, 'utf8')) as { found: { name: string }[] }
  expect(mistakes).toHaveLength(20)
  expect(found.map(({ name }) => name)).toEqual(mistakes.map(({ name }) => name))
})

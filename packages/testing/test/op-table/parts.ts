import { test } from 'vitest'
import { opTableProperties, type OpProperty } from '../../src/index.ts'

const isGradient = ({ law }: OpProperty): boolean => law.endsWith('order')
const isThird = ({ law }: OpProperty): boolean => law === 'third order'
const isBatching = ({ law }: OpProperty): boolean => law.startsWith('vmap')
const isOfDtypes = ({ law }: OpProperty): boolean => law.startsWith('dtypes')
const isElementwise = ({ kind }: OpProperty): boolean => kind === 'elementwise'

/** The properties in parts of like size, each with a file of its name beside this one, to run side by side. */
export const parts: Readonly<Record<string, (property: OpProperty) => boolean>> = {
  'elementwise-first-order': (p) => isElementwise(p) && p.law === 'first order',
  'elementwise-second-order': (p) => isElementwise(p) && p.law === 'second order',
  'other-gradients': (p) => !isElementwise(p) && isGradient(p) && !isThird(p),
  'third-order': isThird,
  'other-laws': (p) => !isGradient(p) && !isBatching(p) && !isOfDtypes(p),
  batching: isBatching,
  dtypes: isOfDtypes,
}

/** A test for each property of a part: 200 cases of arguments that the table draws, or as many as given. */
export function testPart(part: string, numRuns = 200): void {
  for (const property of opTableProperties().filter(parts[part])) {
    test(`${property.op}: ${property.law}`, () => property.check({ numRuns }))
  }
}

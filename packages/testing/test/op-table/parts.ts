import { test } from 'vitest'
import { opTableProperties, type OpProperty } from '../../src/index.ts'

const isGradient = ({ law }: OpProperty): boolean => law.endsWith('order')
const isThird = ({ law }: OpProperty): boolean => law === 'third order'
const isBatching = ({ law }: OpProperty): boolean => law.startsWith('vmap')
const isOfDtypes = ({ law }: OpProperty): boolean => law.startsWith('dtypes')
const isPullback = ({ law }: OpProperty): boolean =>
  ['linear pullback', 'accumulation', 'checkpoint as plain'].includes(law)
const isOfValues = ({ law }: OpProperty): boolean =>
  ['finite', 'repeats', 'broadcast as expanded'].includes(law)
const isUpdate = ({ kind }: OpProperty): boolean => kind === 'update'
const isElementwise = ({ kind }: OpProperty): boolean => kind === 'elementwise'

/** The properties in parts of like size, each with a file of its name beside this one, to run side by side. */
export const parts: Readonly<Record<string, (property: OpProperty) => boolean>> = {
  'elementwise-first-order': (p) => isElementwise(p) && p.law === 'first order',
  'elementwise-second-order': (p) => isElementwise(p) && p.law === 'second order',
  'other-first-order': (p) => !isElementwise(p) && p.law === 'first order',
  'other-second-order': (p) => !isElementwise(p) && p.law === 'second order',
  'third-order': isThird,
  pullbacks: isPullback,
  values: isOfValues,
  'other-laws': (p) =>
    ![isGradient, isBatching, isOfDtypes, isPullback, isOfValues, isUpdate].some((is) => is(p)),
  batching: isBatching,
  dtypes: isOfDtypes,
  update: isUpdate,
}

/** A test for each property of a part: 200 cases of arguments that the table draws, or as many as given. */
export function testPart(part: string, numRuns = 200): void {
  for (const property of opTableProperties().filter(parts[part])) {
    test(`${property.op}: ${property.law}`, () => property.check({ numRuns }))
  }
}

import { existsSync } from 'node:fs'
import * as core from '@gradtape/core'
import { describe, expect, test } from 'vitest'
import { opTable, opTableProperties } from '../../src/index.ts'
import { parts } from './parts.ts'

const entries = [...opTable().values()].map((fn) => fn.entry)
const properties = opTableProperties()
const lawsOf = (op: string): string[] => properties.filter((p) => p.op === op).map((p) => p.law)

describe('the op table', () => {
  test('holds every function of core that says it is an op, under its own name', () => {
    const carriers = Object.entries(core).filter(([, value]) => Object.hasOwn(value, 'entry'))
    expect([...opTable().keys()].toSorted()).toEqual(carriers.map(([name]) => name).toSorted())
    expect(carriers.length).toBeGreaterThanOrEqual(110)
  })

  test('has no op whose gradients go unchecked', () => {
    const differentiable = entries.filter((entry) => entry.differentiable)
    expect(differentiable.length).toBeGreaterThanOrEqual(85)
    for (const { name } of differentiable) {
      expect([name, ...lawsOf(name)]).toEqual(
        expect.arrayContaining([
          name,
          'first order',
          'second order',
          'third order',
          'adjoint',
          'views as copies',
          'linear pullback',
          'accumulation',
          'checkpoint as plain',
          'finite',
          'repeats',
        ]),
      )
    }
  })

  test('has no op without gradients whose results go unchecked', () => {
    const constants = entries.filter((e) => !e.differentiable && e.kind !== 'update')
    for (const { name } of constants) {
      expect(lawsOf(name)).toEqual(
        expect.arrayContaining(['constant', 'views as copies', 'finite', 'repeats']),
      )
    }
    // Only whole and true results are constants.
    expect(constants.map((e) => e.name).toSorted()).toEqual(CONSTANTS)
  })

  test('has no op that is not tried in every dtype', () => {
    for (const { name } of entries.filter((e) => e.kind !== 'update')) {
      expect(lawsOf(name)).toEqual(
        expect.arrayContaining([
          'dtypes: float32 as float64',
          'dtypes: integers as floats',
          'dtypes: stored as computed',
        ]),
      )
    }
  })

  test('has no op in place that is not compared with its formula', () => {
    for (const { name } of entries.filter((entry) => entry.kind === 'update')) {
      expect(lawsOf(name)).toContain('leaves what its formula says, and returns its argument')
    }
  })

  test('has a method for every op but those that are functions only', () => {
    const without = entries.filter(({ name }) => !lawsOf(name).includes('method as function'))
    const functionsOnly = without.filter((entry) => entry.kind !== 'update')
    expect(functionsOnly.map((entry) => entry.name).toSorted()).toEqual(FUNCTIONS)
  })
})

/** Their first argument is no tensor, or a program that uses none of them should not hold them. */
const FUNCTIONS =
  'avgPool1d avgPool2d cat conv1d conv2d convTranspose1d convTranspose2d einsum fold maxPool1d maxPool2d stack standardize unfold'.split(
    ' ',
  )

/** Their results are bool or int32. */
const CONSTANTS =
  'all any argmax argmin eq ge gt isfinite isinf isnan le logicalAnd logicalNot logicalOr logicalXor lt ne'.split(
    ' ',
  )

describe('the parts', () => {
  test('cover every property once', () => {
    for (const property of properties) {
      const covering = Object.keys(parts).filter((part) => parts[part](property))
      expect([property.op, property.law, covering.length]).toEqual([property.op, property.law, 1])
    }
  })

  test.each(Object.keys(parts))('%s has its file', (part) => {
    expect(existsSync(new URL(`${part}.test.ts`, import.meta.url))).toBe(true)
  })
})

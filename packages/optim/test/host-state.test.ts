import { describe, expect, test } from 'vitest'
import { observeHost } from '@gradtape/core'
import { Adam, NAdam, type Optimizer } from '@gradtape/optim'
import { leaf, optimizers } from './parameters.ts'

interface Seen {
  reads: Map<string, unknown>
  updates: [owner: object, key: string][]
}

function observed(optimizer: Pick<Optimizer, 'step'>): Seen {
  const seen: Seen = { reads: new Map(), updates: [] }
  observeHost(
    {
      read: (_, key, value) => seen.reads.set(String(key), value),
      update: (owner, key) => seen.updates.push([owner, String(key)]),
    },
    () => optimizer.step(),
  )
  return seen
}

describe('a step reads what it keeps on the host where a recorder sees it:', () => {
  test.each(Object.entries(optimizers))('every option of %s', (_, Optimizer) => {
    const w = leaf()
    w.sum().backward()
    const optimizer = new Optimizer([w], { lr: 0.25 })
    const [{ params: _params, ...options }] = optimizer.paramGroups
    const { reads } = observed(optimizer)
    for (const [key, value] of Object.entries(options))
      expect([key, reads.get(key)]).toEqual([key, value])
    optimizer.paramGroups[0].lr = 0.125
    expect(observed(optimizer).reads.get('lr')).toBe(0.125)
  })

  test('both betas of Adam', () => {
    const w = leaf()
    w.sum().backward()
    const { reads } = observed(new Adam([w], { betas: [0.5, 0.75] }))
    expect([reads.get('0'), reads.get('1')]).toEqual([0.5, 0.75])
  })

  const counting = Object.entries(optimizers).filter(([name]) => name !== 'SGD' && name !== 'NAdam')
  test.each(counting)('the step count of %s', (_, Optimizer) => {
    const [w, v] = [leaf(), leaf()]
    w.sum().backward()
    v.sum().backward()
    const optimizer = new Optimizer([w, v])
    const { updates } = observed(optimizer)
    const states = [w, v].map((p) => optimizer.state.get(p)!)
    expect(updates).toEqual(states.map((state) => [state, 'step']))
    expect(states.map((state) => 'step' in state && state.step)).toEqual([1, 1])
  })

  test('the step count and the product of momenta of NAdam', () => {
    const w = leaf()
    w.sum().backward()
    const optimizer = new NAdam([w])
    const { updates } = observed(optimizer)
    const state = optimizer.state.get(w)
    expect(updates).toEqual([
      [state, 'step'],
      [state, 'muProduct'],
    ])
  })
})

import { describe, expect, test } from 'vitest'
import { GradientError, ones, tensor, ValueError } from '@gradtape/core'
import {
  Adadelta,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  NAdam,
  RAdam,
  RMSprop,
  SGD,
  type SGDOptions,
} from '@gradtape/optim'
import { leaf, optimizers, valuesOf } from './parameters.ts'

describe.each(Object.entries(optimizers))('%s refuses', (name, Optimizer) => {
  const make = (params: unknown, options: object = {}) => new Optimizer(params as never, options)
  const refused = (params: unknown, options: object, message: RegExp, error = ValueError): void => {
    expect(() => make(params, options)).toThrow(error)
    expect(() => make(params, options)).toThrow(message)
    expect(() => make(params, options)).toThrow(name)
  }

  test('no parameters', () => {
    refused([], {}, /no parameters/)
    refused([{ params: [] }, { params: [] }], {}, /no parameters/)
  })

  test('what is no list of parameters', () => {
    refused(leaf(), {}, /array.*got a tensor of shape \[3\].*\[w\]/)
    refused(undefined, {}, /got undefined/)
    refused(() => [leaf()], {}, /model\.parameters\(\)/)
    refused([{ params: leaf }], {}, /got a function/)
  })

  test('what is no tensor', () => {
    refused([leaf(), [1, 2]], {}, /parameter 1 is no tensor but an array/)
    refused([{ params: [3] }], {}, /parameter 0 is no tensor but 3/)
    refused([leaf(), { params: [leaf()] }], {}, /got both/)
  })

  test('tensors that get no gradient', () => {
    refused([leaf().mul(2)], {}, /shape \[3\] was computed/, GradientError)
    refused([ones([2])], {}, /does not require gradients/, GradientError)
  })

  test('a parameter twice', () => {
    const w = leaf()
    refused([w, leaf(), w], {}, /parameter 2 .*twice/)
    refused([{ params: [w] }, { params: [leaf(), w] }], {}, /parameter 1 .*twice/)
  })

  test('learning rates that are none', () => {
    for (const lr of [-0.1, NaN, Infinity, '0.1', null]) {
      if (lr !== null) refused([leaf()], { lr }, /lr must be a finite number of at least 0, got/)
      refused([{ params: [leaf()], lr: lr ?? -1 }], {}, /lr must be/)
    }
  })

  test('options out of range and unknown ones', () => {
    refused([leaf()], { weightDecay: -1 }, /weightDecay must be/)
    refused([leaf()], { maximize: 1 }, /maximize must be true or false, got 1/)
    refused([leaf()], { learningRate: 0.1 }, /no option 'learningRate'.*lr,/)
    refused([{ params: [leaf()], weight_decay: 0.1 }], {}, /no option 'weight_decay'/)
  })

  test('an option or gradient spoilt between steps, with nothing changed', () => {
    const params = [leaf([1]), leaf([2])]
    const optimizer = make([{ params: [params[0]] }, { params: [params[1]] }])
    params.forEach((p) => p.mul(3).sum().backward())
    const before = valuesOf(params)
    optimizer.paramGroups[1].lr = NaN
    expect(() => optimizer.step()).toThrow(/lr must be .* got NaN/)
    optimizer.paramGroups[1].lr = 0.1
    params[1].grad = tensor([1, 2], { dtype: 'float64' }) as never
    expect(() => optimizer.step()).toThrow(/shape \[1\] has a gradient of shape \[2\]/)
    params[1].grad = tensor([1]) as never
    expect(() => optimizer.step()).toThrow(/dtype float64 has a gradient of dtype float32/)
    params[1].grad = 1 as never
    expect(() => optimizer.step()).toThrow(/grad must be a tensor or null, got 1/)
    expect(valuesOf(params)).toEqual(before)
    expect(optimizer.state.size).toBe(0)
  })

  test('a group that does not fit, and stays as it was', () => {
    const w = leaf()
    const optimizer = make([w])
    const add = (group: object) => () => optimizer.addParamGroup(group as never)
    expect(add({ params: [leaf(), w] })).toThrow(ValueError)
    expect(add({ params: [leaf()], lr: -1 })).toThrow(/lr must be/)
    expect(add(leaf())).toThrow(/addParamGroup: expected a group/)
    expect(optimizer.paramGroups.length).toBe(1)
  })
})

describe('options of their own', () => {
  const sgd = (options: SGDOptions) => () => new SGD([leaf()], options)

  test('nesterov needs momentum and no dampening', () => {
    expect(sgd({ nesterov: true })).toThrow(/SGD: nesterov needs a momentum above 0/)
    expect(sgd({ nesterov: true, momentum: 0.9, dampening: 0.1 })).toThrow(ValueError)
    expect(sgd({ nesterov: true, momentum: 0.9 })).not.toThrow()
    // A group may lack what the defaults have.
    const groups = [{ params: [leaf()], momentum: 0 }]
    expect(() => new SGD(groups, { momentum: 0.9, nesterov: true })).toThrow(/nesterov needs/)
  })

  test('momentum, dampening, alpha, eps and betas have ranges', () => {
    expect(sgd({ momentum: -0.1 })).toThrow(/momentum must be/)
    expect(sgd({ dampening: NaN })).toThrow(/dampening must be a finite number/)
    expect(() => new RMSprop([leaf()], { alpha: -1 })).toThrow(/alpha must be/)
    expect(() => new RMSprop([leaf()], { centered: 'yes' as never })).toThrow(/centered must be/)
    for (const Optimizer of [Adam, AdamW]) {
      expect(() => new Optimizer([leaf()], { amsgrad: 1 as never })).toThrow(/amsgrad must be/)
    }
    for (const Optimizer of [Adam, AdamW, Adamax, NAdam, RAdam]) {
      expect(() => new Optimizer([leaf()], { eps: -1 })).toThrow(/eps must be/)
      for (const betas of [[0.9, 1], [-0.1, 0.9], [0.9], 0.9, [0.9, NaN]]) {
        const make = () => new Optimizer([leaf()], { betas: betas as never })
        expect(make).toThrow(/betas must be two numbers from 0 to below 1/)
      }
    }
  })

  test('so have those of the rest', () => {
    const refusals: [() => unknown, RegExp][] = [
      [() => new NAdam([leaf()], { momentumDecay: -1 }), /NAdam: momentumDecay must be/],
      [
        () => new NAdam([leaf()], { decoupledWeightDecay: 1 as never }),
        /decoupledWeightDecay must/,
      ],
      [
        () => new RAdam([leaf()], { decoupledWeightDecay: 0 as never }),
        /decoupledWeightDecay must/,
      ],
      [
        () => new Adam([leaf()], { decoupledWeightDecay: '' as never }),
        /decoupledWeightDecay must/,
      ],
      [() => new Adagrad([leaf()], { lrDecay: -1 }), /Adagrad: lrDecay must be/],
      [
        () => new Adagrad([leaf()], { initialAccumulatorValue: NaN }),
        /initialAccumulatorValue must/,
      ],
      [() => new Adagrad([leaf()], { eps: -1 }), /eps must be/],
      [() => new Adadelta([leaf()], { rho: 1.1 }), /rho must be a number from 0 to 1, got 1.1/],
      [() => new Adadelta([leaf()], { rho: '0.9' as never }), /rho must be .* got "0.9"/],
      [() => new Adadelta([leaf()], { eps: Infinity }), /eps must be/],
    ]
    for (const [make, message] of refusals) {
      expect(make).toThrow(ValueError)
      expect(make).toThrow(message)
    }
  })
})

import { describe, expect, it } from 'vitest'
import * as core from '../../src/index.ts'
import { js, refuses } from './refuses.ts'

const { DTypeError, GradientError, ShapeError, ValueError } = core

describe('gradients', () => {
  refuses([
    [
      'of integers',
      GradientError,
      /int32.*only floats/,
      () => core.tensor([1], { dtype: 'int32', requiresGrad: true }),
    ],
    ['of bools', GradientError, /bool.*only floats/, (w) => w.mask.requiresGrad_()],
    [
      'switched off in the middle',
      GradientError,
      /^requiresGrad_: .*detach/,
      (w) => w.leaf.mul(2).requiresGrad_(false),
    ],
    [
      'of many elements',
      GradientError,
      /^backward: .*\[3\].*sum\(\)/,
      (w) => w.leaf.mul(2).backward(),
    ],
    [
      'off the tape',
      GradientError,
      /^backward: .*\[2, 3\].*not on the tape/,
      (w) => w.matrix.backward(),
    ],
    [
      'under noGrad',
      GradientError,
      /^backward: .*noGrad/,
      (w) => core.noGrad(() => w.leaf.sum()).backward(),
    ],
    ['detached', GradientError, /^backward: .*detached/, (w) => w.leaf.sum().detach().backward()],
    [
      'of a comparison',
      GradientError,
      /^backward: .*not on the tape/,
      (w) => w.leaf.gt(1).any().backward(),
    ],
    [
      'options in place of the gradient',
      GradientError,
      /^backward: .*backward\(undefined, \{ retainGraph: true \}\)/,
      (w) => w.leaf.sum().backward({ retainGraph: true }),
    ],
    ['a number as gradient', DTypeError, /^backward: .*1/, (w) => w.leaf.sum().backward(1)],
    [
      'options that are none',
      ValueError,
      /^backward: expected options.*true/,
      (w) => w.leaf.sum().backward(undefined, true),
    ],
    [
      'empty inputs',
      GradientError,
      /^backward: inputs is empty/,
      (w) => w.leaf.sum().backward(undefined, { inputs: [] }),
    ],
    [
      'inputs that are no leaves',
      GradientError,
      /^backward: inputs must be leaves/,
      (w) => {
        const inner = w.leaf.mul(2)
        inner.sum().backward(undefined, { inputs: [inner] })
      },
    ],
    [
      'inputs that need none',
      GradientError,
      /^backward: .*\[2\] does not require/,
      (w) => w.leaf.sum().backward(undefined, { inputs: [w.vector] }),
    ],
    [
      'gradients of what needs none',
      GradientError,
      /^gradients: .*not on the tape/,
      (w) => core.gradients(w.one, w.leaf),
    ],
    [
      'gradients by what needs none',
      GradientError,
      /^gradients: .*\[2\] does not require/,
      (w) => core.gradients(w.leaf.sum(), w.vector),
    ],
    [
      'gradients without inputs',
      DTypeError,
      /^gradients: .*undefined/,
      (w) => js.gradients!(w.leaf.sum()),
    ],
    [
      'gradients by what is unused',
      GradientError,
      /^gradients: .*input 0.*allowUnused/,
      (w) => core.gradients(w.leaf.sum(), core.zeros([], { requiresGrad: true })),
    ],
    [
      'too few gradOutputs',
      GradientError,
      /^gradients: 1 gradOutputs for 2 outputs/,
      (w) => core.gradients([w.leaf.sum(), w.leaf.sum()], w.leaf, { gradOutputs: [null] }),
    ],
    [
      'grad by a number',
      GradientError,
      /^grad: argument 0 holds no tensor/,
      () => js.grad!((x: core.Tensor) => x)(3),
    ],
    [
      'grad by integers',
      GradientError,
      /^grad: argument 0 .*int32/,
      (w) => core.grad((x: core.Tensor) => x.sum())(w.ints),
    ],
    [
      'grad by an argument that is missing',
      GradientError,
      /^grad: argument 1/,
      (w) => js.grad!((x: core.Tensor) => x.sum(), { argnums: 1 })(w.leaf),
    ],
  ])
})

describe('changes in place', () => {
  refuses([
    ['of a leaf', GradientError, /^add_: .*\[3\].*leaf.*noGrad/, (w) => w.leaf.add_(1)],
    ['of a leaf by copy', GradientError, /^copy_: .*leaf/, (w) => w.leaf.copy_(w.vector.at(0))],
    [
      'of what was computed',
      GradientError,
      /^zero_|^fill_: .*recorded/,
      (w) => w.leaf.mul(2).zero_(),
    ],
    ['of a view of a leaf', GradientError, /^mul_: .*\[\].*recorded/, (w) => w.leaf.at(0).mul_(2)],
    [
      'with what requires gradients',
      GradientError,
      /^mul_: .*\[2\].*requires gradients/,
      (w) => w.vector.mul_(w.leaf.at(0)),
    ],
    [
      'of expanded memory',
      ShapeError,
      /^fill_: .*\[4, 2\].*clone/,
      (w) => w.vector.expand([4, 2]).fill_(0),
    ],
  ])
})

describe('callbacks that are none', () => {
  refuses([
    ['noGrad', ValueError, /^noGrad: expected a function.*undefined/, () => js.noGrad!()],
    ['enableGrad', ValueError, /^enableGrad: .*an object/, (w) => js.enableGrad!(w.leaf)],
    ['grad', ValueError, /^grad: expected a function/, (w) => js.grad!(w.leaf)],
  ])
})

describe('a second backward', () => {
  it('without retainGraph names the op and changes no grad', () => {
    const x = core.tensor([3], { requiresGrad: true })
    const y = x.square().sum()
    y.backward()
    expect(() => y.backward()).toThrow(/^backward: .*(sum|square) saved were freed.*retainGraph/)
    expect(x.grad!.toArray()).toEqual([6])
  })
})

describe('a saved value changed in place', () => {
  it('names the op, the shape and both versions, and changes no grad', () => {
    const x = core.tensor([1, 2], { requiresGrad: true })
    x.mul(7).sum().backward()
    const saved = x.mul(2)
    const y = saved.exp().mul(saved).sum()
    core.noGrad(() => saved.fill_(0))
    expect(() => y.backward()).toThrow(
      expect.objectContaining({
        name: 'GradientError',
        message: expect.stringMatching(
          /^backward: mul saved a tensor of shape \[2\].*version 0 then, 1 now/,
        ),
      }),
    )
    expect(x.grad!.toArray()).toEqual([7, 7])
  })
})

describe('a grad that the user set', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['a number', 0],
    ['a tensor of another shape', core.zeros([2])],
    ['a tensor of another dtype', core.zeros([3], { dtype: 'float64' })],
  ])('%s is refused before anything is added', (_, value) => {
    const first = core.zeros([3], { requiresGrad: true })
    const second = core.zeros([3], { requiresGrad: true })
    second.grad = value as never
    expect(() => first.add(second).sum().backward()).toThrow(
      /^backward: the grad of a leaf of shape \[3\] and dtype float32 was set to .*null/,
    )
    expect(first.grad).toBe(null)
    expect(second.grad).toBe(value)
  })
})

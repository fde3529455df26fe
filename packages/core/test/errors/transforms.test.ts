import { describe } from 'vitest'
import * as core from '../../src/index.ts'
import { js, refuses } from './refuses.ts'

const { DTypeError, GradientError, ShapeError, ValueError } = core
type Tensor = core.Tensor
const id = (x: Tensor): Tensor => x
const total = (x: Tensor): Tensor => x.sum()

describe('jvp', () => {
  refuses([
    ['of no function', ValueError, /^jvp: expected a function/, (w) => js.jvp!(3, [w.one], [w.one])],
    ['at no list', GradientError, /^jvp: expected a list.*jvp\(f, \[x\], \[v\]\)/, (w) => js.jvp!(id, w.one, w.one)],
    ['at integers', GradientError, /^jvp: the primals hold a tensor of dtype int32/, (w) => core.jvp(id, [w.ints], [w.ints])],
    ['at nothing', GradientError, /^jvp: the primals hold no tensor/, () => js.jvp!(id, [3], [3])],
    ['along too many', GradientError, /^jvp: tangents: expected an array of 1/, (w) => js.jvp!(id, [w.one], [w.one, w.one])],
    ['along no list', GradientError, /^jvp: tangents: expected an array of 1.*undefined/, (w) => js.jvp!(id, [w.one])],
    ['along a number', GradientError, /^jvp: tangents\[0\]: expected a tensor of shape \[\].*got 1/, (w) => js.jvp!(id, [w.one], [1])],
    ['along another shape', ShapeError, /^jvp: tangents\[0\]: .*\[2\].*got one of shape \[\]/, (w) => core.jvp(id, [w.vector], [w.one])],
    ['along another dtype', DTypeError, /^jvp: tangents\[0\]: .*float32.*float64/, (w) => core.jvp(id, [w.one], [w.one.to('float64')])],
    ['along another form', GradientError, /^jvp: tangents\[0\]: expected an object with the keys a/, (w) => js.jvp!(({ a }: any) => a, [{ a: w.one }], [[w.one]])],
    ['along another key', GradientError, /^jvp: tangents\[0\]\[a\]: .*undefined/, (w) => js.jvp!(({ a }: any) => a, [{ a: w.one }], [{ b: w.one }])],
    ['along another number', GradientError, /^jvp: tangents\[1\]: expected 3.*got 4/, (w) => js.jvp!(id, [w.one, 3], [w.one, 4])],
    ['in place, of a tensor with a tangent', GradientError, /^add_: .*in place while jvp/, (w) => core.jvp((x: Tensor) => x.mul(2).add_(1), [w.vector], [w.vector])],
    ['in place, into a constant', GradientError, /^add_: .*detach/, (w) => core.jvp((x: Tensor) => core.noGrad(() => core.zeros([2]).add_(x)), [w.vector], [w.vector])],
  ]) // prettier-ignore
})

describe('vjp', () => {
  refuses([
    ['of no function', ValueError, /^vjp: expected a function/, (w) => js.vjp!(3, w.one)],
    ['at integers', GradientError, /^vjp: the primals hold .*int32/, (w) => core.vjp(id, w.ints)],
    ['at nothing', GradientError, /^vjp: the primals hold no tensor/, () => js.vjp!(id)],
    ['of another shape', ShapeError, /^vjp: the cotangent: .*\[2\].*got one of shape \[\]/, (w) => core.vjp(id, w.vector)[1](w.one)],
    ['of another dtype', DTypeError, /^vjp: the cotangent: .*int32/, (w) => core.vjp(id, w.leaf)[1](w.ints)],
    ['of another form', GradientError, /^vjp: the cotangent: expected an array of 1/, (w) => js.vjp!((x: Tensor) => [x], w.one)[1](w.one)],
    ['without a cotangent', GradientError, /^vjp: the cotangent: .*undefined/, (w) => js.vjp!(id, w.one)[1]()],
  ]) // prettier-ignore
})

describe('hvp, jacobian and hessian', () => {
  refuses([
    ['hvp of no function', ValueError, /^hvp: expected a function/, (w) => js.hvp!(null, [w.one], [w.one])],
    ['hvp along another shape', ShapeError, /^hvp: vectors\[0\]/, (w) => core.hvp(total, [w.vector], [w.one])],
    ['hvp at integers', GradientError, /^hvp: .*int32/, (w) => core.hvp(total, [w.ints], [w.ints])],
    ['a jacobian of no function', ValueError, /^jacobian: expected a function/, () => js.jacobian!(3)],
    ['a jacobian of integers', GradientError, /^jacobian: the value .*int32/, (w) => core.jacobian((x: Tensor) => x.argmax())(w.vector)],
    ['a jacobian of integers, forward', GradientError, /^jacobian: the value .*int32/, (w) => core.jacobian((x: Tensor) => x.argmax(), { mode: 'forward' })(w.vector)],
    ['a jacobian by integers', GradientError, /^jacobian: argument 0 .*int32/, (w) => core.jacobian(id)(w.ints)],
    ['a jacobian in no mode', ValueError, /^jacobian: expected mode 'forward' or 'reverse', got 'sideways'/, () => js.jacobian!(id, { mode: 'sideways' })],
    ['a jacobian with a number for options', ValueError, /^jacobian: expected options/, () => js.jacobian!(id, 1)],
    ['a hessian of no function', ValueError, /^hessian: expected a function/, () => js.hessian!(3)],
    ['a hessian by integers', GradientError, /^hessian: argument 0 .*int32/, (w) => core.hessian(total)(w.ints)],
  ]) // prettier-ignore
})

import {
  add,
  div,
  fullLike,
  GradientError,
  indexPut,
  mul,
  noGrad,
  ShapeError,
  sub,
  zerosLike,
  type Tensor,
} from '@gradtape/core'
import fc from 'fast-check'
import { expectEqual, type Law } from './laws.ts'
import type { Case } from './op-property.ts'

/** What each op that changes its first argument leaves there, as an op that makes a new tensor. */
const formulas: Readonly<Record<string, (...args: never) => Tensor>> = {
  add_: add,
  sub_: sub,
  mul_: mul,
  div_: div,
  copy_: (x: Tensor, source: Tensor) => add(zerosLike(x), source),
  fill_: fullLike,
  zero_: (x: Tensor) => zerosLike(x),
  indexPut_: indexPut,
}

/** What must hold of ops that change their first argument. */
export const updateLaws: readonly (readonly [string, Law])[] = [
  [
    'leaves what its formula says, and returns its argument',
    (fn) => (sample) => {
      const x = changeable(sample)
      const formula = formulas[fn.entry.name]
      if (formula === undefined) throw new Error('it has no formula to compare it with')
      const expected = noGrad(() => formula(...(sample.args as never)))
      if (runInPlace(sample) !== x) throw new Error('the result is not the first argument')
      expectEqual(x.detach(), expected, 'in place', 'of the formula', 0)
    },
  ],
  [
    'refuses a tensor whose elements share memory',
    () => (sample) => {
      const [x] = sample.args as [Tensor]
      fc.pre(isShared(x))
      expectRefusal(x, ShapeError, () => runInPlace(sample))
    },
  ],
  [
    'refuses to be recorded, and changes nothing then',
    () => (sample) => expectRefusal(changeable(sample), GradientError, sample.call),
  ],
  [
    'is noticed by those who saved the value',
    () => (sample) => {
      const x = changeable(sample)
      const y = mul(x, x)
      runInPlace(sample)
      const why = errorOf(() => y.backward(y.detach()))
      if (/mul saved .* changed in place/.test(String(why))) return
      throw new Error(`backward through what saved the value before gave ${why ?? 'no error'}`)
    },
  ],
]

function runInPlace({ call }: Case): Tensor {
  return noGrad(() => call() as Tensor)
}

/** The first argument; cases in which its elements share memory are discarded. */
function changeable({ args }: Case): Tensor {
  const [x] = args as [Tensor]
  fc.pre(!isShared(x))
  return x
}

/** Whether several elements of `x` lie in one place, as after expand: such a tensor can't be changed. */
function isShared({ numel, shape, layout }: Tensor): boolean {
  return numel > 1 && layout.strides.some((stride, d) => stride === 0 && shape[d]! > 1)
}

function expectRefusal(x: Tensor, type: typeof ShapeError, call: () => unknown): void {
  const before = x.detach().clone()
  const why = errorOf(call)
  if (!(why instanceof type)) throw new Error(`expected a ${type.name}, got ${why ?? 'none'}`)
  expectEqual(x.detach(), before, 'after the refusal', 'before', 0)
}

function errorOf(call: () => unknown): unknown {
  try {
    call()
    return null
  } catch (error) {
    return error
  }
}

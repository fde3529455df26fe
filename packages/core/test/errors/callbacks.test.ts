import { describe } from 'vitest'
import * as core from '../../src/index.ts'
import { js, refuses } from './refuses.ts'

const { GradientError } = core
type Tensor = core.Tensor
type World = Record<string, any>

/** Awaited like a promise, without being one. */
// oxlint-disable-next-line unicorn/no-thenable -- the mistake itself
const thenable = { then: (resolve: (x: number) => void): void => resolve(1) }

/** Each transform of a function, called with one. */
const transforms: Record<string, (f: unknown, w: World) => unknown> = {
  grad: (f, { leaf }) => js.grad!(f)(leaf),
  valueAndGrad: (f, { leaf }) => js.valueAndGrad!(f)(leaf),
  jacobian: (f, { leaf }) => js.jacobian!(f)(leaf),
  'jacobian, forward': (f, { leaf }) => js.jacobian!(f, { mode: 'forward' })(leaf),
  hessian: (f, { leaf }) => js.hessian!(f)(leaf),
  vjp: (f, { leaf }) => js.vjp!(f, leaf),
  jvp: (f, { leaf }) => js.jvp!(f, [leaf], [leaf]),
  hvp: (f, { leaf }) => js.hvp!(f, [leaf], [leaf]),
  vmap: (f, { leaf }) => js.vmap!(f)(leaf),
  checkpoint: (f, { leaf }) => js.checkpoint!(f, leaf),
}
/** Those whose function returns one element; all others take any tensors. */
const ofOneElement = ['grad', 'valueAndGrad', 'hessian', 'hvp']

/** What is no tensor, how messages name it, and what they add. */
const returned: [title: string, value: (w: World) => unknown, message: string][] = [
  ['nothing', () => undefined, 'got undefined; is its return statement missing\\?$'],
  ['null', () => null, 'got null$'],
  ['a number', () => 3, 'got 3$'],
  ['a string', () => 'loss', "got 'loss'$"],
  ['a function', (w) => () => w.one, 'got a function$'],
  ['an empty array', () => [], 'got an array$'],
  ['an object without tensors', () => ({ loss: 1 }), 'got an object$'],
  ['a map', (w) => new Map([['loss', w.one]]), 'got an object$'],
]

describe.each(Object.entries(transforms))('a function given to %s', (title, run) => {
  const name = title.split(',')[0]!
  const expected = ofOneElement.includes(name)
    ? 'a float tensor of one element'
    : 'a tensor, or an array or plain object of them'
  const promise = new RegExp(`^${name}: the callback returned a promise, .*await first`)
  refuses([
    ...returned.map(
      ([what, value, message]) =>
        [
          `returns ${what}`,
          GradientError,
          new RegExp(`^${name}: the function must return ${expected}, ${message}`),
          (w: World) => run(() => value(w), w),
        ] as const,
    ),
    ['is asynchronous', GradientError, promise, (w) => run(async (x: Tensor) => x.sum(), w)],
    ['returns a thenable', GradientError, promise, (w) => run(() => thenable, w)],
  ])
})

describe.each(ofOneElement)('a function of many elements given to %s', (name) => {
  const run = transforms[name]!
  refuses([
    [
      'returns a vector',
      GradientError,
      new RegExp(`^${name}: .*got one of shape \\[3\\] and dtype float32; take \\.sum\\(\\)`),
      (w) => run((x: Tensor) => x.mul(2), w),
    ],
    [
      'returns nothing but its shape',
      GradientError,
      new RegExp(`^${name}: .*got one of shape \\[0, 3\\]`),
      (w) => run(() => w.nothing, w),
    ],
    [
      'returns an integer',
      GradientError,
      new RegExp(`^${name}: .*got one of shape \\[\\] and dtype int32; expected float32`),
      (w) => run((x: Tensor) => x.argmax(), w),
    ],
    [
      'returns a list with the loss',
      GradientError,
      new RegExp(`^${name}: .*got an array`),
      (w) => run((x: Tensor) => [x.sum()], w),
    ],
  ])
})

describe('a callback that runs in a mode', () => {
  refuses(
    ['noGrad', 'enableGrad'].flatMap((name) => {
      const promise = new RegExp(`^${name}: the callback returned a promise`)
      return [
        [`${name}, asynchronous`, GradientError, promise, () => js[name]!(async () => 1)],
        [`${name}, a thenable`, GradientError, promise, () => js[name]!(() => thenable)],
      ] as const
    }),
  )
})

import { checkFunction, isActive, refusePromise, withHandler, withoutHandler } from '../op.ts'
import { recorder } from '../record.ts'

/** What a callback's type is intersected with when it returns a promise. */
export interface AsyncCallbackRefused<Message extends string> {
  readonly error: Message
}

/** Refuses callbacks that return promises; `any`, and never returning, are no promises. */
export type Synchronous<R> = 0 extends 1 & R
  ? unknown
  : [R] extends [never]
    ? unknown
    : [R] extends [PromiseLike<unknown>]
      ? AsyncCallbackRefused<'the callback must be synchronous: await outside of it'>
      : unknown

/**
 * Runs `f` without recording gradients and returns what it returns.
 * @throws {GradientError} when `f` returns a promise: what it awaits would run after the mode ended.
 */
export function noGrad<R>(f: (() => R) & Synchronous<R>): R {
  checkFunction('noGrad', f)
  return refusePromise('noGrad', withoutHandler(recorder, f))
}

/**
 * Runs `f` with gradients recorded, also inside of {@link noGrad}, and returns what it returns.
 * @throws {GradientError} when `f` returns a promise.
 */
export function enableGrad<R>(f: (() => R) & Synchronous<R>): R {
  checkFunction('enableGrad', f)
  return refusePromise('enableGrad', isGradEnabled() ? f() : withHandler(recorder, f))
}

/** Whether gradients are recorded now. */
export function isGradEnabled(): boolean {
  return isActive(recorder)
}

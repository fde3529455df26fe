/**
 * The matcher `toHaveCorrectGradient` for vitest: importing this module adds it to `expect`.
 * @packageDocumentation
 */
import { isTensor, type Tensor, ValueError } from '@gradtape/core'
import { expect } from 'vitest'
import { gradcheck, gradgradcheck } from './gradcheck.ts'
import type { GradcheckOptions } from './gradcheck/options.ts'
import { GradcheckError } from './gradcheck/report.ts'

/** What is checked, and how: the options of `gradcheck` and two more. */
export interface GradientExpectation extends Omit<GradcheckOptions, 'raiseException'> {
  /** By which tensors the function is differentiated, and where; a single one may stand alone. */
  readonly inputs: Tensor | readonly Tensor[]
  /** 1 for gradients, 2 for the gradients of gradients as well; 1 unless given. */
  readonly order?: 1 | 2
}

/** What the matcher adds to `expect(f)`. */
export interface GradientMatchers {
  /**
   * Passes when the gradients of the function are its derivatives: see `gradcheck`, and, for order 2,
   * `gradgradcheck`. A test fails with their report.
   *
   * @example
   * ```typescript
   * import { tensor, type Tensor } from '@gradtape/core'
   * import { expect, test } from 'vitest'
   * import '@gradtape/testing/vitest'
   *
   * test('softplus', () => {
   *   const x = tensor([0.5, -1, 2], { dtype: 'float64', requiresGrad: true })
   *   expect((a: Tensor) => a.exp().log1p()).toHaveCorrectGradient({ inputs: [x], order: 2 })
   * })
   * ```
   */
  toHaveCorrectGradient(expectation: GradientExpectation): void
}

declare module 'vitest' {
  // The parameter is part of the interface that is extended.
  // oxlint-disable-next-line no-unused-vars
  interface Matchers<T = any> extends GradientMatchers {}
}

const name = 'toHaveCorrectGradient'

function check(f: unknown, expectation: GradientExpectation): void {
  if (typeof f !== 'function') {
    throw new ValueError(`${name}: expected a function of tensors, as in expect(f).${name}(…)`)
  }
  if (typeof expectation !== 'object' || expectation === null || !('inputs' in expectation)) {
    throw new ValueError(`${name}: expected { inputs }, with the tensors to differentiate by`)
  }
  const { inputs, order = 1, ...options } = expectation
  if (order !== 1 && order !== 2) {
    throw new ValueError(`${name}: order must be 1 or 2, got ${String(order)}`)
  }
  if ('raiseException' in options) {
    throw new ValueError(
      `${name}: there is no option 'raiseException'; expect(f).not turns it round`,
    )
  }
  const list = isTensor(inputs) ? [inputs] : [...inputs]
  const checked = f as (...inputs: Tensor[]) => object
  gradcheck(checked, list, options)
  if (order === 2) gradgradcheck(checked, list, options)
}

expect.extend({
  [name](f: unknown, expectation: GradientExpectation) {
    try {
      check(f, expectation)
      return { pass: true, message: () => `${name}: expected a wrong gradient, but all are right` }
    } catch (error) {
      if (!(error instanceof GradcheckError)) throw error
      return { pass: false, message: () => error.message }
    }
  },
})

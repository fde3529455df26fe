import { tensor, type Tensor } from '@gradtape/core'
import { describe, expect, test } from 'vitest'
import '@gradtape/testing/vitest'

const x = (): Tensor => tensor([0.5, -1.25, 2], { dtype: 'float64', requiresGrad: true })
// The derivative is right, and a constant to the tape.
const onceRight = (a: Tensor): Tensor => a.mul(a.detach()).mul(2).sub(a.detach().square())

function messageOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('it passed')
}

describe('toHaveCorrectGradient', () => {
  test('passes for right gradients, of one order or two', () => {
    expect((a: Tensor) => a.tanh()).toHaveCorrectGradient({ inputs: x() })
    expect((a: Tensor, b: Tensor) => a.mul(b)).toHaveCorrectGradient({
      inputs: [x(), x()],
      order: 2,
    })
    expect(onceRight).toHaveCorrectGradient({ inputs: [x()] })
  })

  test('fails with the report for wrong ones', () => {
    const f = (a: Tensor): Tensor => a.mul(a.detach())
    expect(messageOf(() => expect(f).toHaveCorrectGradient({ inputs: [x()] }))).toMatch(
      /^gradcheck of f: the gradient of input 0 at \[\d\], for the output at \[\d\] is .*\n.*hint: the tape's derivatives are 0.5 times/s,
    )
    const twice = { inputs: [x()], order: 2 } as const
    expect(messageOf(() => expect(onceRight).toHaveCorrectGradient(twice))).toMatch(
      /^gradgradcheck of onceRight: /,
    )
  })

  test('is turned round by not', () => {
    expect((a: Tensor) => a.mul(a.detach())).not.toHaveCorrectGradient({ inputs: x() })
    const right = (): void =>
      expect((a: Tensor) => a.exp()).not.toHaveCorrectGradient({ inputs: x() })
    expect(messageOf(right)).toMatch(/expected a wrong gradient, but all are right/)
  })

  test('hands on the options of gradcheck', () => {
    const f = (a: Tensor): Tensor => a.add(a.detach().mul(1e-6))
    expect(f).not.toHaveCorrectGradient({ inputs: x() })
    expect(f).toHaveCorrectGradient({ inputs: x(), rtol: 1e-5 })
  })

  test('refuses what it can not check, with and without not', () => {
    const wrong: [unknown, unknown, RegExp][] = [
      [3, { inputs: x() }, /expected a function of tensors/],
      [(a: Tensor) => a, undefined, /expected \{ inputs \}/],
      [(a: Tensor) => a, {}, /expected \{ inputs \}/],
      [(a: Tensor) => a, { inputs: x(), order: 3 }, /order must be 1 or 2, got 3/],
      [(a: Tensor) => a, { inputs: x(), raiseException: false }, /no option 'raiseException'/],
      [(a: Tensor) => a, { inputs: x(), fast: true }, /no option 'fast'/],
      [(a: Tensor) => a, { inputs: [] }, /at least one input/],
    ]
    for (const [f, expectation, message] of wrong) {
      expect(() => expect(f).toHaveCorrectGradient(expectation as never)).toThrow(message)
      expect(() => expect(f).not.toHaveCorrectGradient(expectation as never)).toThrow(message)
    }
  })
})

import { describe, expect, test } from 'vitest'
import {
  detectAnomaly,
  full,
  noGrad,
  rand,
  tensor,
  vmap,
  zeros,
  type Tensor,
} from '../../src/index.ts'

const leaf = (...data: number[]): Tensor => tensor(data, { dtype: 'float64', requiresGrad: true })

describe('detectAnomaly', () => {
  test('names the first op of the forward pass that makes a NaN or an infinity', () => {
    const x = leaf(-1, 2)
    expect(() => detectAnomaly(() => x.mul(2).log().exp().sum())).toThrow(
      /detectAnomaly: log made 1 NaN of 2 elements of a tensor of shape \[2\], called at .*anomaly\.test\.ts:\d+:\d+; its operands: float64 \[2\] from -2 to 4$/,
    )
    expect(() => detectAnomaly(() => leaf(800).exp())).toThrow(/exp made 1 infinite of 1 elements/)
  })

  test('and of the backward pass, with the line of the forward one', () => {
    const x = leaf(0, 1)
    const y = leaf(3)
    expect(() => detectAnomaly(() => y.mul(x.sqrt().sum()).sum().backward())).toThrow(
      /sqrtBackward made 1 infinite .* in the backward pass of sqrt, which was called at .*anomaly\.test\.ts:\d+:\d+; its operands: float64 \[2\] from 3 to 3; float64 \[2\] from 0 to 1/,
    )
    expect([x.grad, y.grad]).toEqual([null, null])
  })

  test('lets be what is given', () => {
    const mask = tensor([true, false])
    const f = (): Tensor => leaf(1, 2).maskedFill(mask, -Infinity).softmax(0).sum()
    expect(detectAnomaly(f).item()).toBe(1)
    expect(detectAnomaly(() => full([1], Infinity).add(1)).item()).toBe(Infinity)
    expect(detectAnomaly(() => rand([2]).shape)).toEqual([2])
    expect(() => detectAnomaly(() => full([1], Infinity).mul(0))).toThrow(/mul made 1 NaN/)
    expect(() => detectAnomaly(() => zeros([1]).div(0))).toThrow(/div made 1 NaN/)
    // What comes of a NaN is not new.
    expect(detectAnomaly(() => full([1], NaN).mul(2).sum().item())).toBeNaN()
  })

  test('leaves what would have been changed in place as it was', () => {
    const x = tensor([1, 2])
    const by = tensor([0, 1])
    expect(() => detectAnomaly(() => x.div_(by))).toThrow(
      /div_ made 1 infinite .* float32 \[2\] from 1 to 2; float32 \[2\] from 0 to 1/,
    )
    expect(x.toArray()).toEqual([1, 2])
  })

  test('looks into vmap, and works in it', () => {
    const rows = tensor([[1], [0]])
    const f = (x: Tensor): Tensor => x.log()
    expect(() => detectAnomaly(() => vmap(f)(rows))).toThrow(/log made 1 infinite of 2 elements/)
    expect(() => vmap((x: Tensor) => detectAnomaly(() => f(x)))(rows)).toThrow(
      /log made 1 infinite/,
    )
  })

  test('tells which pass freed what a later one needs', () => {
    const loss = leaf(1, 2).square().sum()
    expect(() => {
      detectAnomaly(() => {
        loss.backward()
        loss.backward()
      })
    }).toThrow(/sum saved were freed by the backward pass that was called at .*anomaly\.test\.ts/)
    const other = leaf(1, 2).square().sum()
    other.backward()
    expect(() => other.backward()).toThrow(/an earlier backward pass .*under detectAnomaly/)
  })

  test('returns what the function returns, and refuses promises', () => {
    expect(detectAnomaly(() => noGrad(() => 3))).toBe(3)
    expect(() => detectAnomaly((async () => 1) as never)).toThrow(/detectAnomaly: .*promise/)
    expect(() => detectAnomaly(1 as never)).toThrow(/detectAnomaly: expected a function/)
  })
})

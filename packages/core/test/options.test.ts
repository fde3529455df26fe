import { describe, expect, it } from 'vitest'
import { add, DTypeError, gradients, sub, tensor, ValueError } from '../src/index.ts'

const ints = (values: number[]) => tensor(values, { dtype: 'int32' })

describe('options of the arithmetic', () => {
  it('scales the second operand by alpha', () => {
    expect(add(tensor([1, 2]), tensor([3, 4]), { alpha: 10 }).toArray()).toEqual([31, 42])
    expect(
      tensor([1, 2])
        .sub(tensor([3, 4]), { alpha: 0.5 })
        .toArray(),
    ).toEqual([-0.5, 0])
    expect(sub(1, tensor([3, 4]), { alpha: 2 }).toArray()).toEqual([-5, -7])
    expect(ints([1, 2]).add(5, { alpha: -1 }).toArray()).toEqual([-4, -3])
    expect(() => ints([1]).add(1, { alpha: 0.5 })).toThrow(DTypeError)
  })

  it('hands the gradient on by alpha', () => {
    const b = tensor([3, 4], { requiresGrad: true })
    const [ct] = gradients(tensor([1, 2]).sub(b, { alpha: 3 }).sum(), b)
    expect(ct.toArray()).toEqual([-3, -3])
  })

  // Python's // and PyTorch's torch.div agree on these.
  it.each([
    [7, 2, 3, 3],
    [-7, 2, -4, -3],
    [7, -2, -4, -3],
    [-7, -2, 3, 3],
    [6, -3, -2, -2],
    [0, 5, 0, 0],
  ])('rounds %d / %d down to %d and towards 0 to %d', (a, b, floor, trunc) => {
    for (const make of [ints, (values: number[]) => tensor(values)]) {
      const x = make([a])
      const down = x.div(make([b]), { roundingMode: 'floor' })
      const cut = x.div(b, { roundingMode: 'trunc' })
      expect(down.item() + 0).toBe(floor)
      expect(cut.item() + 0).toBe(trunc)
      expect([down.dtype, cut.dtype]).toEqual([x.dtype, x.dtype])
    }
  })

  it('floors the true quotient, not the rounded one', () => {
    // 1 / 0.1 rounds to 10, but nine tenths fit: 0.1 is a little more than a tenth.
    const x = tensor([1], { dtype: 'float64' })
    expect(x.div(0.1, { roundingMode: 'floor' }).item()).toBe(9)
    expect(x.div(0.1, { roundingMode: null }).item()).toBe(10)
    expect(x.div(0, { roundingMode: 'floor' }).item()).toBe(Infinity)
  })

  it('refuses what integers have no value for', () => {
    expect(() => ints([1]).div(0, { roundingMode: 'trunc' })).toThrow(/div: .*divided by 0/)
    expect(() => ints([1, 2]).remainder(ints([1, 0]))).toThrow(/remainder: .*divided by 0/)
    expect(() => ints([1]).fmod(0)).toThrow(ValueError)
    expect(() => ints([2]).pow(-1)).toThrow(/pow: .*negative powers/)
    expect(ints([1]).div(0).item()).toBe(Infinity)
  })

  it('rounds to decimals, halves to even', () => {
    const x = tensor([1.25, 2.35, -0.05, 1234.5], { dtype: 'float64' })
    expect(x.round({ decimals: 1 }).toArray()).toEqual([1.2, 2.4, -0, 1234.5])
    expect(x.round({ decimals: -2 }).toArray()).toEqual([0, 0, -0, 1200])
    expect(x.round().toArray()).toEqual([1, 2, -0, 1234])
    expect(() => x.round({ decimals: 0.5 })).toThrow(ValueError)
    expect(() => ints([1]).round({ decimals: 1 })).toThrow(DTypeError)
  })

  it('refuses options that there are not', () => {
    const x = tensor([1])
    // @ts-expect-error mul has none
    expect(() => x.mul(2, { alpha: 2 })).toThrow(/mul: takes two operands and no options/)
    expect(() => x.div(2, { roundingMode: 'up' as never })).toThrow(/div: roundingMode/)
  })
})

import { DTypeError, ShapeError, ValueError, zeros, type Tensor } from '@gradtape/core'
import { AdaptiveAvgPool2d, AvgPool2d, functional as F, MaxPool2d } from '@gradtape/nn'
import { describe, expect, test } from 'vitest'

/** A tensor whose shape the compiler doesn't know. */
const some = (...shape: number[]): Tensor => zeros(shape)

describe('layers of pools', () => {
  test('have windows side by side unless told', () => {
    expect(new MaxPool2d(2).stride).toEqual([2, 2])
    expect(new AvgPool2d([2, 3]).stride).toEqual([2, 3])
    expect(new AvgPool2d([2, 3], { stride: null }).stride).toEqual([2, 3])
    expect(new MaxPool2d(3, { stride: [1, 2] }).forward(some(1, 5, 5)).shape).toEqual([1, 3, 2])
    expect(new MaxPool2d(2).parameters()).toEqual([])
  })

  test('print their options', () => {
    expect(String(new MaxPool2d(2))).toBe(
      'MaxPool2d(kernelSize=[2, 2], stride=[2, 2], padding=[0, 0], ceilMode=false, dilation=[1, 1])',
    )
    expect(String(new AvgPool2d(2, { divisorOverride: 3 }))).toBe(
      'AvgPool2d(kernelSize=[2, 2], stride=[2, 2], padding=[0, 0], ceilMode=false, countIncludePad=true, divisorOverride=3)',
    )
    expect(String(new AdaptiveAvgPool2d(1))).toBe('AdaptiveAvgPool2d(outputSize=1)')
    expect(String(new AdaptiveAvgPool2d([null, 3]))).toBe('AdaptiveAvgPool2d(outputSize=[null, 3])')
  })

  test.each([
    ['MaxPool2d', MaxPool2d],
    ['AvgPool2d', AvgPool2d],
  ])('%s refuses bad sizes, options and inputs', (name, Pool) => {
    for (const size of [0, -1, 0.5, '2' as never, [1, 2, 3] as never]) {
      expect(() => new Pool(size)).toThrow(new RegExp(`^${name}: kernelSize`))
    }
    expect(() => new Pool(2, { stride: 0 })).toThrow(new RegExp(`${name}: stride`))
    expect(() => new Pool(2, { padding: -1 })).toThrow(new RegExp(`${name}: padding`))
    expect(() => new Pool(2, { padding: 2 })).toThrow(/padding \[2, 2\] is more than half/)
    expect(() => new Pool(2, { ceilMode: 1 as never })).toThrow(/ceilMode.*true or false/)
    expect(() => new Pool(2, { strides: 1 } as never)).toThrow(/no option 'strides'/)
    expect(() => new Pool(2, 2 as never)).toThrow(/expected options/)
    const pool = new Pool(3)
    expect(() => pool.forward(some(8, 8))).toThrow(new RegExp(`${name}: .*\\[8, 8\\]`))
    expect(() => pool.forward(some(1, 1, 2, 2))).toThrow(/kernel of \[3, 3\] is larger/)
    expect(() => pool.forward(zeros([1, 3, 3], { dtype: 'int32' }))).toThrow(DTypeError)
    expect(() => pool.forward(3 as never)).toThrow(DTypeError)
  })

  test('refuse options of their own out of range', () => {
    expect(() => new MaxPool2d(2, { dilation: 0 })).toThrow(/MaxPool2d: dilation/)
    expect(() => new MaxPool2d(2, { countIncludePad: true } as never)).toThrow(/no option/)
    expect(() => new AvgPool2d(2, { dilation: 2 } as never)).toThrow(/no option/)
    expect(() => new AvgPool2d(2, { divisorOverride: 0 })).toThrow(/AvgPool2d: divisorOverride/)
    expect(() => new AvgPool2d(2, { countIncludePad: 'no' as never })).toThrow(ValueError)
  })
})

describe('adaptive pools', () => {
  test('give the sizes asked for', () => {
    expect(new AdaptiveAvgPool2d([3, null]).forward(some(2, 4, 5, 7)).shape).toEqual([2, 4, 3, 7])
    expect(F.adaptiveAvgPool2d(some(0, 4, 5, 7), 2).shape).toEqual([0, 4, 2, 2])
  })

  test('refuse bad sizes and inputs', () => {
    for (const size of [0, -1, 1.5, [1], [2, 0], '2'] as never[]) {
      expect(() => new AdaptiveAvgPool2d(size)).toThrow(ValueError)
      expect(() => new AdaptiveAvgPool2d(size)).toThrow(/^AdaptiveAvgPool2d: .*size/)
      expect(() => F.adaptiveAvgPool2d(some(1, 2, 2), size)).toThrow(/^adaptiveAvgPool2d: .*size/)
    }
    const pool = new AdaptiveAvgPool2d(2)
    expect(() => pool.forward(some(4, 4))).toThrow(ShapeError)
    expect(() => pool.forward(some(1, 1, 0, 4))).toThrow(/adaptiveAvgPool2d: .*\[1, 1, 0, 4\]/)
    expect(() => pool.forward(some(1, 1, 1, 4, 4))).toThrow(ShapeError)
    expect(() => pool.forward(zeros([1, 4, 4], { dtype: 'int32' }))).toThrow(DTypeError)
  })
})

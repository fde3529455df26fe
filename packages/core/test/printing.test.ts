import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { arange, setDefaultDtype, tensor, zeros } from '../src/index.ts'

// What PyTorch prints for the same numbers; where it differs from NumPy (1 beside 10000, a gap
// before '...'), as NumPy.

describe('numbers', () => {
  it.each([
    [[1, 2], 'tensor([1., 2.])'],
    [[1.5, 2], 'tensor([1.5000, 2.0000])'],
    [[1, -2, 3], 'tensor([ 1., -2.,  3.])'],
    [[0.1, -0.22], 'tensor([ 0.1000, -0.2200])'],
    [[1, 10000], 'tensor([    1., 10000.])'],
    [[12345678], 'tensor([12345678.])'],
    [[0.99999999], 'tensor([1.])'],
    [[1001, 1.5], 'tensor([1001.0000,    1.5000])'],
    [[123456.789, 1234.5], 'tensor([123456.7891,   1234.5000])'],
    [[0, 0], 'tensor([0., 0.])'],
    [[-0, 1], 'tensor([-0.,  1.])'],
    [[-0, 1.5], 'tensor([-0.0000,  1.5000])'],
  ])('%j', (data, expected) => {
    expect(String(tensor(data))).toBe(expected)
  })

  it.each([
    [[1e-5, 1], 'tensor([1.0000e-05, 1.0000e+00])'],
    [[1e9], 'tensor([1.0000e+09])'],
    [[1e8, 1], 'tensor([1.0000e+08, 1.0000e+00])'],
    [[1500.5, 1.5], 'tensor([1.5005e+03, 1.5000e+00])'],
    [[-1e-10], 'tensor([-1.0000e-10])'],
    [[1e-45, 1], 'tensor([1.4013e-45, 1.0000e+00])'],
  ])('%j takes exponents', (data, expected) => {
    expect(String(tensor(data))).toBe(expected)
  })

  it('three digits of exponent', () => {
    expect(String(tensor([1e-300], { dtype: 'float64' }))).toBe(
      'tensor([1.0000e-300], dtype=float64)',
    )
  })

  it.each([
    [[NaN, 1], 'tensor([nan,  1.])'],
    [[Infinity, -1.5], 'tensor([    inf, -1.5000])'],
    [[-Infinity, NaN], 'tensor([-inf,  nan])'],
  ])('%j', (data, expected) => {
    expect(String(tensor(data))).toBe(expected)
  })
})

describe('dtypes', () => {
  afterEach(() => setDefaultDtype('float32'))

  it('are named unless they are seen', () => {
    expect(String(tensor([1, -20], { dtype: 'int32' }))).toBe('tensor([  1, -20], dtype=int32)')
    expect(String(tensor([true, false]))).toBe('tensor([ true, false])')
    expect(String(tensor([1.5], { dtype: 'float64' }))).toBe('tensor([1.5000], dtype=float64)')
    expect(String(zeros([0], { dtype: 'bool' }))).toBe('tensor([], dtype=bool)')
  })

  it('follow the default', () => {
    const single = tensor([1])
    setDefaultDtype('float64')
    expect(String(tensor([1]))).toBe('tensor([1.])')
    expect(String(single)).toBe('tensor([1.], dtype=float32)')
  })
})

describe('shapes', () => {
  it('0-d', () => {
    expect(String(tensor(3.14))).toBe('tensor(3.1400)')
    expect(String(tensor(true))).toBe('tensor(true)')
    expect(String(tensor(-7, { dtype: 'int32' }))).toBe('tensor(-7, dtype=int32)')
  })

  it('empty', () => {
    expect(String(zeros([0]))).toBe('tensor([])')
    expect(String(zeros([0, 3]))).toBe('tensor([], shape=[0, 3])')
    expect(String(zeros([2, 0], { dtype: 'int32' }))).toBe('tensor([], shape=[2, 0], dtype=int32)')
  })

  it('aligns the columns of a matrix', () => {
    expect(
      String(
        tensor([
          [1.5, 100.25],
          [-3, 4],
        ]),
      ),
    ).toBe(
      // prettier-ignore
      `tensor([[  1.5000, 100.2500],
        [ -3.0000,   4.0000]])`,
    )
  })

  it('leaves a line between matrices', () => {
    expect(String(arange(12).reshape([2, 2, 3]))).toBe(
      `tensor([[[ 0.,  1.,  2.],
         [ 3.,  4.,  5.]],

        [[ 6.,  7.,  8.],
         [ 9., 10., 11.]]])`,
    )
  })

  it('wraps long rows', () => {
    expect(String(arange(30))).toBe(
      `tensor([ 0.,  1.,  2.,  3.,  4.,  5.,  6.,  7.,  8.,  9., 10., 11., 12., 13.,
        14., 15., 16., 17., 18., 19., 20., 21., 22., 23., 24., 25., 26., 27.,
        28., 29.])`,
    )
  })

  it('shows the ends of more than 1000 elements', () => {
    expect(String(arange(1001))).toBe('tensor([   0.,    1.,    2., ...,  998.,  999., 1000.])')
    expect(String(arange(1000)).split('...').length).toBe(1)
    expect(String(arange(1200).reshape([300, 4]))).toBe(
      `tensor([[   0.,    1.,    2.,    3.],
        [   4.,    5.,    6.,    7.],
        [   8.,    9.,   10.,   11.],
        ...,
        [1188., 1189., 1190., 1191.],
        [1192., 1193., 1194., 1195.],
        [1196., 1197., 1198., 1199.]])`,
    )
  })

  it('reads views in their own order', () => {
    const x = tensor([[1, 2], [3, 4]]) // prettier-ignore
    expect(String(x.T)).toBe('tensor([[1., 3.],\n        [2., 4.]])')
    expect(String(x.at(1))).toBe('tensor([3., 4.])')
    expect(String(tensor([5]).expand([2, 2]))).toBe('tensor([[5., 5.],\n        [5., 5.]])')
  })
})

describe('where it prints', () => {
  const x = tensor([1.5], { requiresGrad: true })
  const printed = 'tensor([1.5000], requiresGrad=true)'

  it('tells that gradients are required', () => {
    expect(String(x)).toBe(printed)
    expect(String(x.mul(2))).toBe('tensor([3.], requiresGrad=true)')
    expect(String(x.detach())).toBe('tensor([1.5000])')
  })

  it('prints in templates and in console.log', () => {
    expect(`${x}`).toBe(printed)
    expect(x.toString()).toBe(printed)
    expect(inspect(x)).toBe(printed)
    expect(inspect({ x })).toBe(`{ x: ${printed} }`)
  })
})

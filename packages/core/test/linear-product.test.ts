import { describe, expect, it } from 'vitest'
import { arange, grad, jvp, linearProduct, slice, tensor, vmap, type Tensor } from '../src/index.ts'

const numbers = (...shape: number[]): Tensor =>
  arange(shape.reduce((a, b) => a * b, 1), { dtype: 'float64' }).mul(0.7).sin().reshape(shape) // prettier-ignore

type Linear = (x: Tensor, weight: Tensor, bias: Tensor) => Tensor

const inOne: Linear = (x, weight, bias) => linearProduct('linear', x, weight, bias)
const inTwo: Linear = (x, weight, bias) => x.matmul(weight.mT).add(bias)

/** What both make of the same arguments, as plain numbers. */
const both = (make: (linear: Linear) => Tensor[]): unknown[][] =>
  [inOne, inTwo].map((linear) => make(linear).map((x) => x.toArray()))

describe('a product with a bias', () => {
  const [weight, bias] = [numbers(5, 3), numbers(5).add(2)]
  const shapes = [[[4, 3]], [[1, 3]], [[3]], [[2, 4, 3]], [[2, 1, 4, 3]], [[0, 3]], [[300, 3]]]

  it.each(shapes)('of %j is the product and then the sum, gradients of two orders too', (shape) => {
    const [one, two] = both((linear) => {
      const args = [numbers(...shape), weight, bias]
      return [0, 1, 2].flatMap((k) => {
        const f = (t: Tensor): Tensor => linear(...(args.with(k, t) as [Tensor, Tensor, Tensor]))
        const slope = grad((t: Tensor) => f(t).sin().sum())
        const second = grad((t: Tensor) => slope(t).square().sum())
        return [f(args[k]), slope(args[k]), second(args[k])]
      })
    })
    expect(one).toEqual(two)
  })

  it('pushes tangents of each of its three', () => {
    const args = [numbers(4, 3), weight, bias] as [Tensor, Tensor, Tensor]
    for (const k of [0, 1, 2]) {
      const tangents = args.map((x, i) => (i === k ? numbers(...x.shape).cos() : x.mul(0)))
      const [one, two] = both((linear) => jvp(linear, args, tangents as typeof args) as Tensor[])
      expect(one).toEqual(two)
    }
  })

  it('pushes a tangent that nothing but the bias has', () => {
    const [one, two] = both((linear) =>
      jvp((b: Tensor) => linear(numbers(4, 3), weight, b), [bias], [numbers(5).cos()]),
    )
    expect(one).toEqual(two)
  })

  it.each([
    [0, null, null],
    [null, 0, null],
    [null, null, 0],
    [0, 1, 0],
  ])('is of single examples under vmap with batches at %j, %j and %j', (...inDims) => {
    const sizes = [[4, 3], [5, 3], [5]]
    const args = sizes.map((size, k) => {
      const at = inDims[k]
      return numbers(...(at === null ? size : size.toSpliced(at, 0, 6))).add(k)
    })
    const [one, two] = both((linear) => [
      vmap(linear, { inDims })(...(args as [Tensor, Tensor, Tensor])),
    ])
    expect(one).toEqual(two)
  })

  it('takes operands that lie in any way, and leaves them as they are', () => {
    const args: [Tensor, Tensor, Tensor] = [
      numbers(3, 4).T,
      numbers(3, 5).T,
      numbers(10).at(slice(0, 10, 2)),
    ]
    const before = args.map((x) => x.toArray())
    const [one, two] = both((linear) => [linear(...args)])
    expect(one).toEqual(two)
    expect(args.map((x) => x.toArray())).toEqual(before)
  })

  it('promotes dtypes, and computes in those that it can compute in', () => {
    const whole = tensor([[1, 2, 3]], { dtype: 'int32' })
    expect(inOne(whole, whole, tensor([1])).dtype).toBe('float32')
    expect(inOne(whole, whole, tensor([1], { dtype: 'int32' })).toArray()).toEqual([[15]])
    expect(inOne(whole, whole, bias.at(slice(0, 1))).dtype).toBe('float64')
    const half = whole.to('float16')
    expect(inOne(half, half, tensor([1]).to('float16'))).toMatchObject({ dtype: 'float32' })
    const bools = whole.gt(1)
    expect(() => inOne(bools, bools, bools)).toThrow(/^linear: not defined for bool tensors/)
  })
})

import { GradientError, isTensor, tensor, ValueError } from '@gradtape/core'
import { Parameter } from '@gradtape/nn'
import { expect, test } from 'vitest'

test('a parameter is a leaf that requires gradients, in the memory of its tensor', () => {
  const data = tensor([1, 2])
  const parameter = new Parameter(data)
  expect(isTensor(parameter)).toBe(true)
  expect(parameter).toBeInstanceOf(Parameter)
  expect(data instanceof Parameter).toBe(false)
  expect(parameter.data).toBe(data.data)
  expect([parameter.requiresGrad, parameter.isLeaf, data.requiresGrad]).toEqual([true, true, false])
  parameter.mul(3).sum().backward()
  expect(parameter.grad!.toArray()).toEqual([3, 3])
})

test('what the tensor was computed from plays no part', () => {
  const x = tensor([1, 2], { requiresGrad: true })
  const parameter = new Parameter(x.mul(2))
  parameter.sum().backward()
  expect(x.grad).toBeNull()
  expect(parameter.isLeaf).toBe(true)
})

test('results of parameters are plain tensors', () => {
  expect(new Parameter(tensor([1])).mul(2) instanceof Parameter).toBe(false)
  expect(new Parameter(tensor([1])).detach() instanceof Parameter).toBe(false)
})

test('requiresGrad may be off, and must be for integers', () => {
  expect(new Parameter(tensor([1]), { requiresGrad: false }).requiresGrad).toBe(false)
  const integers = tensor([1], { dtype: 'int32' })
  expect(new Parameter(integers, { requiresGrad: false })).toBeInstanceOf(Parameter)
  expect(() => new Parameter(integers)).toThrow(GradientError)
})

test('only tensors can be parameters', () => {
  expect(() => new Parameter([1, 2] as never)).toThrow(ValueError)
  expect({} instanceof Parameter).toBe(false)
})

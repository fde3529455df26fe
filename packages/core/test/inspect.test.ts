import { expect, test } from 'vitest'
import { inspect, jvp, tensor, vmap, type Tensor } from '../src/index.ts'

const seen: number[][] = []
const look = (x: Tensor): Tensor => {
  inspect(x, (elements) => seen.push([...elements]))
  return x.square()
}

test('inspect shows the elements in row-major order, of a view too', () => {
  seen.length = 0
  look(tensor([[1, 2], [3, 4]]).T) // prettier-ignore
  expect(seen).toEqual([[1, 3, 2, 4]])
})

test('inside of vmap it shows those of all examples, and in forward mode the primals', () => {
  seen.length = 0
  const x = tensor([1, 2, 3])
  expect(vmap(look)(x).toArray()).toEqual([1, 4, 9])
  expect(jvp(look, [x], [x])[1].toArray()).toEqual([2, 8, 18])
  expect(seen).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ])
})

test('what it throws goes through', () => {
  const refuse = (x: Tensor): Tensor => {
    inspect(x, ([first]) => {
      throw new RangeError(`saw ${first}`)
    })
    return x
  }
  expect(() => vmap(refuse)(tensor([7, 8]))).toThrow('saw 7')
})

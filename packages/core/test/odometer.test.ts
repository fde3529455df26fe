import fc from 'fast-check'
import { expect, test } from 'vitest'
import { walk } from '../src/backends/odometer.ts'
import { operands, positions, shapes } from './operands.ts'

// Both backends walk by it, so holding one to the other would not find it wrong.
test('walk visits every index in row-major order, for several tracks at once', () => {
  fc.assert(
    fc.property(fc.gen(), (gen) => {
      const shape = gen(shapes, 0, 4)
      const layouts = [0, 1].map(() => gen(operands, shape, 'int32' as const).layout)
      const visited: number[][] = []
      walk(shape, layouts, (places) => visited.push([...places]))
      const [a, b] = layouts.map(positions)
      expect(visited).toEqual(a.map((at, i) => [at, b[i]]))
    }),
    { numRuns: 300 },
  )
})

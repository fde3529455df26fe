// Products that are large enough for worker threads, where there are any: they must be what one thread
// makes, and the process must end by itself.
import { equal, ok } from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { getNumThreads, manualSeed, randn, setNumThreads, type Tensor } from '@gradtape/core'

equal(getNumThreads(), availableParallelism())
manualSeed(3)
const [a, b] = [randn([300, 400]), randn([400, 200])]

// Threads take a turn when one is added to a number that they share.
const turns = { taken: 0 }
const { add } = Atomics
Atomics.add = ((...args: Parameters<typeof add>) => {
  turns.taken++
  return add(...args)
}) as typeof add
let shared = a.matmul(b)
for (let tries = 0; turns.taken === 0 && tries < 500 && getNumThreads() > 1; tries++) {
  await pause(20)
  shared = a.matmul(b)
}
ok(turns.taken > 0 || getNumThreads() === 1, 'the workers have not started within ten seconds')

const leaf = a.detach().requiresGrad_()
leaf.matmul(b).square().sum().backward()
setNumThreads(1)
const alone = a.detach().requiresGrad_()
alone.matmul(b).square().sum().backward()
ok(same(shared, a.matmul(b)), 'the product by threads is not what one thread makes')
ok(same(leaf.grad!, alone.grad!), 'the gradient by threads is not what one thread makes')
// Back to all of them, so that they are there when the process ends.
setNumThreads(availableParallelism())
manualSeed(3)
equal(randn([300, 400]).matmul(b).shape.join(), '300,200')
console.log(`${turns.taken} turns of worker threads`)

function same(x: Tensor, y: Tensor): boolean {
  const expected = y.data
  return x.numel === y.numel && x.data.every((value, i) => value === expected[i])
}

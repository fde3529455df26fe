// Touches every packed package once in plain Node, and fails loudly when one doesn't work.
import { equal, ok } from 'node:assert/strict'
import { ones, tensor } from '@gradtape/core'
import { DataLoader, TensorDataset, makeMoons, parseCsv } from '@gradtape/data'
import { loadCsv } from '@gradtape/data/node'
import { blas } from '@gradtape/native'
import { gradcheck } from '@gradtape/testing'
import { train } from './moons.ts'

const losses = train(100)
ok(losses.at(-1)! < 0.5 * losses[0]!, `the loss went from ${losses[0]} to ${losses.at(-1)}`)

const [x, y] = makeMoons({ nSamples: 10, noise: 0.1, randomState: 0 })
equal(new DataLoader(new TensorDataset(x, y), { batchSize: 4 }).length, 3)
equal(parseCsv('1,2\n3,4\n').shape.join(), '2,2')
equal(typeof loadCsv, 'function')
gradcheck((a) => a.tanh(), [tensor([0.5, -1], { dtype: 'float64', requiresGrad: true })])
ok(blas === null || blas.path !== '')
const square = ones([32, 32])
equal(square.matmul(square).sum().item(), 32 ** 3)
console.log('every package works')

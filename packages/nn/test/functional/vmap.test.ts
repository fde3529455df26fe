import { expect, test } from 'vitest'
import { grad, RandomState, stack, tensor, vmap, type Tensor } from '@gradtape/core'
import { functional as F } from '@gradtape/nn'

const random = new RandomState(3)
const logits: Tensor = random.randn(5, 4)
const other: Tensor = random.randn(5, 4)
const labels: Tensor = random.randint(0, 4, [5])
const signs: Tensor = random.randint(0, 2, [5, 4]).mul(2).sub(1).to('float64')

type Loss = (input: Tensor, target: Tensor) => Tensor
const losses: Record<string, readonly [Loss, target: Tensor]> = {
  crossEntropy: [F.crossEntropy, labels],
  'crossEntropy of probabilities': [F.crossEntropy, other.softmax(1)],
  nllLoss: [(x, y) => F.nllLoss(x.logSoftmax(0), y), labels],
  binaryCrossEntropy: [(x, y) => F.binaryCrossEntropy(x.sigmoid(), y), other.sigmoid()],
  binaryCrossEntropyWithLogits: [F.binaryCrossEntropyWithLogits, other.sigmoid()],
  mseLoss: [F.mseLoss, other],
  l1Loss: [F.l1Loss, other],
  smoothL1Loss: [F.smoothL1Loss, other],
  huberLoss: [F.huberLoss, signs],
  klDiv: [(x, y) => F.klDiv(x.logSoftmax(0), y), other.softmax(1)],
  poissonNllLoss: [(x, y) => F.poissonNllLoss(x, y, { full: true }), other.exp()],
  gaussianNllLoss: [(x, y) => F.gaussianNllLoss(x, y, y.square()), other],
  hingeEmbeddingLoss: [F.hingeEmbeddingLoss, signs],
  cosineEmbeddingLoss: [(x, y) => F.cosineEmbeddingLoss(x, y, tensor(1)), other],
  tripletMarginLoss: [(x, y) => F.tripletMarginLoss(x, y, x.square()), other],
}

test.each(Object.entries(losses))(
  'vmap(grad(%s)) is the loop over examples',
  (_, [loss, target]) => {
    const looped = stack(
      Array.from({ length: 5 }, (__, i) => grad(loss)(logits.at(i), target.at(i))),
    )
    expect(vmap(grad(loss))(logits, target).toArray()).toEqual(looped.toArray())
  },
)

test('a wrong target is found inside of vmap', () => {
  const wrong = tensor([0, 1, 4, 0, 0], { dtype: 'int32' })
  expect(() => vmap(F.crossEntropy)(logits, wrong)).toThrow(
    'crossEntropy: label 4 at element 2 is no class; expected 0 to 3',
  )
  expect(() => vmap(F.binaryCrossEntropy)(logits.sigmoid(), other.mul(10))).toThrow(
    'binaryCrossEntropy: the target must lie from 0 to 1',
  )
})

// %% [markdown]
// # XOR: a network from two matrix products
//
// What this teaches: tensors, a forward pass, `backward`, and a step of gradient descent, with
// nothing else in the way. No layer, no optimizer, no bias: two matrices, two sigmoids.
//
// It is the network of a well-known NumPy tutorial, with its seed and its settings in float64. There
// the backward pass is written by hand; here the gradients come from the tape, and the weights come
// out the same.

// %%
import { noGrad, RandomState, sigmoid, tensor, type Tensor } from '@gradtape/core'
import { readArguments } from './src/arguments.ts'
import { numpyPrint } from './src/numpy-print.ts'

readArguments() // All of it takes a second or so: --short runs the same.

// Columns are examples: the four rows of the truth table.
const x = tensor(
  [
    [0, 0, 1, 1],
    [0, 1, 0, 1],
  ],
  { dtype: 'float64' },
)
const y = tensor([[0, 1, 1, 0]], { dtype: 'float64' })

// %% [markdown]
// `RandomState` draws what NumPy's generator of that name draws, so the first weights are the
// tutorial's.

// %%
const random = new RandomState(2)
const W1: Tensor = random.rand(2, 2).requiresGrad_()
const W2: Tensor = random.rand(1, 2).requiresGrad_()

const forward = (): Tensor => sigmoid(W2.matmul(sigmoid(W1.matmul(x))))

/** Cross-entropy of each example. */
function surprise(prediction: Tensor): Tensor {
  const right = y.mul(prediction.log())
  const wrong = y.neg().add(1).mul(prediction.neg().add(1).log())
  return right.add(wrong).neg()
}

// %% [markdown]
// Ten thousand steps down the gradient of the mean. A parameter that requires gradients may not be
// changed while the tape records, so the step is taken under `noGrad`. Gradients add up from one
// `backward` to the next until they are cleared.

// %%
const learningRate = 0.9
const steps = 10_000
const losses: number[] = []
for (let step = 0; step < steps; step++) {
  const each = surprise(forward())
  each.mean().backward()
  noGrad(() => {
    for (const W of [W1, W2]) {
      W.sub_(W.grad!.mul(learningRate))
      W.grad = null
    }
  })
  losses.push(each.sum().item())
}

// %%
console.log(`W1:\n${numpyPrint(W1)}`)
console.log(`W2:\n${numpyPrint(W2)}`)
const predictions = forward().gt(0.5).to('int32').toArray() as number[][]
console.log(`Predictions: [${predictions[0].join(', ')}]`)

// %% [markdown]
// The loss (here, as in the tutorial, the sum over the four examples) falls slowly at first, then
// finds the way down.

// %%
losses.forEach((loss, step) => {
  if (step % 1000 === 0 || step === steps - 1) console.log(`Loss at step ${step}: ${loss}`)
})

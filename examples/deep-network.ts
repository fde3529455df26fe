// %% [markdown]
// # A deep network from a list of sizes
//
// What this teaches: depth costs no line of code. Written by hand, the backward pass of a network of
// L layers is a loop over cached values and the longest part of the program. Here the layers are
// made in a loop, and the tape follows wherever the forward pass goes.
//
// The list [2, 16, 8, 1] means: 2 inputs, hidden layers of 16 and 8 units with ReLU, 1 output with a
// sigmoid. Try others:
//
//     npm run example -- deep-network 2 32 32 32 1 --lr 0.1 --steps 2000

// %%
import { noGrad, RandomState, type Tensor } from '@gradtape/core'
import { makeMoons } from '@gradtape/data'
import { Dense, functional as F, ReLU, Sequential, Sigmoid, type Module } from '@gradtape/nn'
import { SGD } from '@gradtape/optim'
import { readArguments } from './src/arguments.ts'

const { operands, numbers } = readArguments({
  operands: '[SIZES...]',
  numbers: { scale: 0.5, lr: 0.3, steps: 1000 },
})
// With the settings below all of it takes a second or two: --short runs the same.
const sizes = operands.length === 0 ? [2, 16, 8, 1] : operands.map(Number)
const { scale, lr, steps } = numbers

// %% [markdown]
// Weights start as normal numbers times `scale`, biases at zero. The scale matters: with 0.01 the
// signal shrinks a hundredfold in every layer, and so does the gradient on its way back; a network
// this deep then hardly learns. (`Dense` by itself chooses a scale that suits its width.)

// %%
function network(random: RandomState): Sequential<Module[]> {
  const layers = sizes.slice(1).flatMap((size, i) => {
    const dense = new Dense(sizes[i], size, { dtype: 'float64' })
    noGrad(() => {
      dense.weight.copy_(random.randn(size, sizes[i]).mul(scale))
      dense.bias!.zero_()
    })
    return [dense, i === sizes.length - 2 ? new Sigmoid() : new ReLU()]
  })
  return new Sequential<Module[]>(...layers)
}

const model = network(new RandomState(1))
console.log(model)

// %%
function moons(randomState: number): [points: Tensor, moon: Tensor] {
  const [x, y] = makeMoons({ nSamples: 200, noise: 0.2, randomState, dtype: 'float64' })
  return [x, y.to('float64').unsqueeze(1)]
}

const [x, y] = moons(0)
const optimizer = new SGD(model.parameters(), { lr })
let cost = NaN
for (let step = 0; step < steps; step++) {
  const loss = F.binaryCrossEntropy(model.forward(x), y)
  optimizer.zeroGrad()
  loss.backward()
  optimizer.step()
  cost = loss.item()
  if (step % 100 === 0) console.log(`Cost after step ${step}: ${cost}`)
}
console.log(`Cost after step ${steps - 1}: ${cost}`)

// %% [markdown]
// A network with this many parameters can learn 200 points by heart. Whether it learned moons shows
// on points that were drawn afresh.

// %%
function accuracy([points, moon]: [Tensor, Tensor]): string {
  const right = noGrad(() => model.forward(points))
    .gt(0.5)
    .eq(moon.gt(0.5))
  return `${(100 * right.to('float64').mean().item()).toFixed(1)} %`
}
console.log(`train accuracy: ${accuracy([x, y])}`)
console.log(`test accuracy: ${accuracy(moons(1))}`)

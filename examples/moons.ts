// %% [markdown]
// # Two moons: layers, a loss and an optimizer
//
// What this teaches: the same four things as in XOR (a forward pass, a loss, `backward`, a step), now
// with the parts that everyone uses: a `Sequential` of layers, a loss function, an optimizer, data
// in training and test part, and mini-batches.
//
// It is a NumPy tutorial's network again, in float64 and with its streams of random numbers, so that
// every cost and every weight can be held against the tutorial's. The tutorial writes its backward
// pass by hand. There is none here.

// %%
import { noGrad, RandomState, zeros } from '@gradtape/core'
import { makeMoons, trainTestSplit } from '@gradtape/data'
import { Dense, functional as F, Sequential, Sigmoid, Tanh } from '@gradtape/nn'
import { SGD } from '@gradtape/optim'
import { readArguments } from './src/arguments.ts'
import { numpyPrint, pythonPrint } from './src/numpy-print.ts'

readArguments() // All of it takes a second: --short runs the same.

const dtype = 'float64'
const [x, labels] = makeMoons({ nSamples: 1000, noise: 0.2, randomState: 42, dtype })
const y = labels.to(dtype).unsqueeze(1)
const [xTrain, xTest, yTrain, yTest] = trainTestSplit(x, y, { testSize: 0.2, randomState: 42 })

// %% [markdown]
// Two inputs, four hidden units with tanh, one output with a sigmoid. The layers come with random
// weights; here the tutorial's take their place. It multiplies a row of inputs by a matrix
// `[inputs, outputs]`, while a `Dense` layer keeps its weight as `[outputs, inputs]`: hence `.T`.

// %%
const hidden = new Dense(2, 4, { dtype })
const output = new Dense(4, 1, { dtype })
const model = new Sequential(hidden, new Tanh(), output, new Sigmoid())

const random = new RandomState(42)
model.loadStateDict({
  '0.weight': random.randn(2, 4).div(Math.sqrt(2)).T,
  '0.bias': zeros([4], { dtype }),
  '2.weight': random.randn(4, 1).div(Math.sqrt(4)).T,
  '2.bias': zeros([1], { dtype }),
})

// %% [markdown]
// Each epoch goes through the training set once, in batches of 32 and in a new order, drawn from the
// same stream as the weights. The cost printed is that of the epoch's last batch.

// %%
const optimizer = new SGD(model.parameters(), { lr: 0.01 })
for (let epoch = 0; epoch < 10; epoch++) {
  let cost = 0
  for (const batch of random.permutation(xTrain.size(0)).split(32)) {
    const predicted = model.forward(xTrain.indexSelect(0, batch))
    const loss = F.binaryCrossEntropy(predicted, yTrain.indexSelect(0, batch))
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
    cost = loss.item()
  }
  console.log(`Cost after epoch ${epoch}: ${cost}`)
}

// %%
console.log(`W1:\n${numpyPrint(hidden.weight.T)}`)
console.log(`b1:\n${numpyPrint(hidden.bias!.unsqueeze(0))}`)
console.log(`W2:\n${numpyPrint(output.weight.T)}`)
console.log(`b2:\n${numpyPrint(output.bias!.unsqueeze(0))}`)

// %% [markdown]
// How many of the 200 points that it never saw does it put on the right moon? Nothing here is to be
// differentiated, so the tape may rest. It will be four in five: the tutorial stops after ten epochs,
// while the cost is still falling.

// %%
const predicted = noGrad(() => model.forward(xTest)).gt(0.5)
const accuracy = predicted.eq(yTest.gt(0.5)).to(dtype).mean().item()
console.log(`Accuracy: ${pythonPrint(accuracy)}`)

// %% [markdown]
// # Cats and dogs: from a folder of pictures to a classifier
//
// What this teaches: how pictures become tensors, and why a test set is needed. The network is the
// plain one of many courses: 64 × 64 pixels of red, green and blue make 12,288 inputs; a hidden layer
// with tanh; one output with a sigmoid, which says how surely it is a cat.
//
// Without an argument the pictures are drawn first, by `draw-animals`. With one they are read from a
// folder of your own, PNG or JPEG of any size, whose names start with what they show:
// cat.0.jpg, dog.17.png.
//
//     npm run example -- cats-and-dogs ~/pictures/pets

// %%
import { basename } from 'node:path'
import { manualSeed, noGrad, type Tensor } from '@gradtape/core'
import { trainTestSplit } from '@gradtape/data'
import { imageFolder } from '@gradtape/data/node'
import { Dense, functional as F, Sequential, Sigmoid, Tanh } from '@gradtape/nn'
import { SGD } from '@gradtape/optim'
import { readArguments } from './src/arguments.ts'
import { drawAnimals } from './src/draw-animals.ts'
import { outputPath, shownPath } from './src/output.ts'
import { progress } from './src/progress.ts'

const { short, operands, numbers } = readArguments({
  operands: '[FOLDER]',
  numbers: { hidden: 16, lr: 0.02, momentum: 0, steps: 300 },
})
const folder = operands[0] ?? (await outputPath('animals'))
if (operands.length === 0) await drawAnimals(folder)

const pictures = await imageFolder(folder, {
  size: 64,
  label(path) {
    const animal = /^(cat|dog)/i.exec(basename(path))?.[0].toLowerCase()
    if (animal === undefined)
      throw new Error(`${path}: expected a name like cat.0.png or dog.0.png`)
    return animal === 'cat' ? 1 : 0
  },
})
const x = pictures.images.flatten(1).div(255)
const y = pictures.labels.to('float32').unsqueeze(1)
const cats = y.sum().item()
console.log(`${shownPath(folder)}: ${cats} cats, ${y.numel - cats} dogs, ${x.size(1)} numbers each`)

// %%
const [xTrain, xTest, yTrain, yTest] = trainTestSplit(x, y, { testSize: 0.2, randomState: 0 })
manualSeed(0)
const model = new Sequential(
  new Dense(12288, numbers.hidden),
  new Tanh(),
  new Dense(numbers.hidden, 1),
  new Sigmoid(),
)
const optimizer = new SGD(model.parameters(), { lr: numbers.lr, momentum: numbers.momentum })
const steps = numbers.steps
const bar = progress('step', steps, 10)
for (let step = 1; step <= steps; step++) {
  optimizer.zeroGrad()
  const loss = F.binaryCrossEntropy(model.forward(xTrain), yTrain)
  loss.backward()
  optimizer.step()
  bar.update(step, `cost ${loss.item().toFixed(4)} ${accuracy(xTest, yTest)}`)
}
bar.stop()

function accuracy(inputs: Tensor, truth: Tensor): string {
  const right = noGrad(() => model.forward(inputs))
    .gt(0.5)
    .eq(truth.gt(0.5))
  return `${(100 * right.to('float32').mean().item()).toFixed(1)} %`
}
console.log(`train accuracy: ${accuracy(xTrain, yTrain)}`)
console.log(`test accuracy: ${accuracy(xTest, yTest)}`)

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
import { rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { manualSeed, noGrad, ValueError, type Tensor } from '@gradtape/core'
import { trainTestSplit } from '@gradtape/data'
import { imageFolder } from '@gradtape/data/node'
import { Dense, functional as F, Sequential, Sigmoid, Tanh } from '@gradtape/nn'
import { SGD } from '@gradtape/optim'
import { readArguments } from './src/arguments.ts'
import { drawAnimals } from './src/draw-animals.ts'
import { outputPath, shownPath } from './src/output.ts'
import { progress } from './src/progress.ts'

const { short, operands } = readArguments({ operands: '[FOLDER]' })
let [folder] = operands
if (folder === undefined) {
  folder = await outputPath('animals')
  // Pictures of an earlier, longer run would be read as well.
  await rm(folder, { recursive: true, force: true })
  await drawAnimals(folder, { count: short ? 60 : 120 })
}

// %% [markdown]
// `imageFolder` reads every picture and stretches it to one size: `[pictures, 64, 64, 3]`, numbers
// from 0 to 255. Flattened, each picture is a row; divided by 255, its numbers lie between 0 and 1.
// The labels come from the names.

// %%
function labelOf(path: string): number {
  const animal = /^(cat|dog)/i.exec(basename(path))?.[0].toLowerCase()
  if (animal !== undefined) return animal === 'cat' ? 1 : 0
  throw new ValueError(`cats-and-dogs: expected a name like cat.0.png or dog.0.png, got ${path}`)
}

const pictures = await imageFolder(folder, { size: 64, label: labelOf })
const x = pictures.images.flatten(1).div(255)
const y = pictures.labels.to('float32').unsqueeze(1)
const [xTrain, xTest, yTrain, yTest] = trainTestSplit(x, y, { testSize: 0.2, randomState: 0 })

const cats = y.sum().item()
console.log(`${cats} cats and ${y.numel - cats} dogs from ${shownPath(folder)}`)
console.log(`${yTrain.numel} to learn from, ${yTest.numel} held out`)

// %% [markdown]
// ## The network
//
// Nearly all of its 98,321 parameters sit in the first layer: eight weights for every colour of
// every pixel. Each hidden unit is a picture that it compares the input with.

// %%
manualSeed(0)
const inputs = 64 * 64 * 3
const model = new Sequential(new Dense(inputs, 8), new Tanh(), new Dense(8, 1), new Sigmoid())
console.log(model)

// %% [markdown]
// ## Gradient descent
//
// Every step looks at all training pictures and goes a little way down the slope. With 12,288 inputs
// that are all positive the slope is steep in one direction (all weights up, or all down), and a
// larger learning rate makes the cost jump about.

// %%
const optimizer = new SGD(model.parameters(), { lr: 0.003 })
const steps = short ? 80 : 200
const bar = progress('step', steps, 20)
for (let step = 1; step <= steps; step++) {
  optimizer.zeroGrad()
  const loss = F.binaryCrossEntropy(model.forward(xTrain), yTrain)
  loss.backward()
  optimizer.step()
  bar.update(step, `cost ${loss.item().toFixed(4)}`)
}
bar.stop()

// %% [markdown]
// ## What did it learn?
//
// With far more parameters than pictures it could know every training picture by heart. Only the
// pictures held out tell whether it knows a cat from a dog.

// %%
function accuracy(images: Tensor, truth: Tensor): string {
  const right = noGrad(() => model.forward(images))
    .gt(0.5)
    .eq(truth.gt(0.5))
  return `${(100 * right.to('float32').mean().item()).toFixed(1)} %`
}
console.log(`train accuracy: ${accuracy(xTrain, yTrain)}`)
console.log(`test accuracy: ${accuracy(xTest, yTest)}`)

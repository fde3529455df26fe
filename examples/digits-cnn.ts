// %% [markdown]
// # Reading handwritten digits with a convolutional network
//
// What this teaches: layers for pictures. The network of the example `digits` takes the 64 pixels as a
// list, in which no pixel knows its neighbours. A _convolution_ slides small filters over the picture, so
// it looks at neighbours, and at every place for the same things: an edge, a corner, an end of a stroke.
//
// Source: LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition",
// 1998. The digits are those of the example `digits`, and the same ones are held out.

// %%
import { manualSeed, noGrad, type Tensor } from '@gradtape/core'
import { DataLoader, TensorDataset, trainTestSplit } from '@gradtape/data'
import { loadCsv } from '@gradtape/data/node'
import {
  BatchNorm2d,
  Conv2d,
  Dense,
  Dropout,
  Flatten,
  functional as F,
  MaxPool2d,
  ReLU,
  Sequential,
  summary,
} from '@gradtape/nn'
import { AdamW, OneCycleLR } from '@gradtape/optim'
import { readArguments } from './src/arguments.ts'
import { saveDigits } from './src/digit-plots.ts'
import { saveFilters } from './src/filter-plot.ts'
import { outputPath, shownPath } from './src/output.ts'
import { progress } from './src/progress.ts'

const { short, numbers } = readArguments({ numbers: { seed: 0 } })
const epochs = short ? 4 : 20

const table = await loadCsv(new URL('data/digits.csv', import.meta.url))
const x = table.narrow(1, 0, 64).div(16).reshape([-1, 1, 8, 8])
const y = table.at('...', 64).to('int32')
const [xTrain, xTest, yTrain, yTest] = trainTestSplit(x, y, { testSize: 0.2, randomState: 42 })

// %% [markdown]
// ## The network
//
// Pictures have the shape `[batch, channels, height, width]`. There is one channel first, the ink; then
// one for each filter, which says how well the filter fits where. `MaxPool2d` keeps the best fit of each
// 2 × 2 places: _where_ a stroke is matters less and less, and _that_ it is there remains.
//
// `BatchNorm2d` brings each channel to mean 0 and variance 1 over the batch, then scales and shifts it
// as it learns to. The shift makes a bias before it useless.

// %%
manualSeed(numbers.seed)
const model = new Sequential(
  new Conv2d(1, 32, 3, { padding: 1, bias: false }),
  new BatchNorm2d(32),
  new ReLU(),
  new Conv2d(32, 32, 3, { padding: 1, bias: false }),
  new BatchNorm2d(32),
  new ReLU(),
  new MaxPool2d(2),
  new Conv2d(32, 64, 3, { padding: 1, bias: false }),
  new BatchNorm2d(64),
  new ReLU(),
  new MaxPool2d(2),
  new Flatten(),
  new Dropout({ p: 0.4 }),
  new Dense(64 * 2 * 2, 10),
)
console.log(`${summary(model, [1, 1, 8, 8])}\n`)

// %% [markdown]
// ## Learning
//
// `OneCycleLR` moves the learning rate at every batch: up for three tenths of the way, then down to
// nearly nothing, so that the network first finds a good region fast and then settles in it. `AdamW`
// also pulls all weights towards 0 a little.

// %%
const loader = new DataLoader(new TensorDataset(xTrain, yTrain), { batchSize: 64, shuffle: true })
const optimizer = new AdamW(model.parameters(), { lr: 1e-3, weightDecay: 0.05 })
const schedule = new OneCycleLR(optimizer, { maxLr: 1e-2, epochs, stepsPerEpoch: loader.length })

const bar = progress('epoch', epochs, short ? 1 : 5)
for (let epoch = 1; epoch <= epochs; epoch++) {
  let sum = 0
  for (const [xb, yb] of loader) {
    optimizer.zeroGrad()
    const loss = F.crossEntropy(model.forward(xb), yb)
    loss.backward()
    optimizer.step()
    schedule.step()
    sum += loss.item() * yb.numel
  }
  const [lr] = schedule.lastLr
  bar.update(epoch, `loss ${(sum / yTrain.numel).toFixed(4)}, lr ${lr!.toFixed(6)}`)
}
bar.stop()

// %% [markdown]
// ## How well does it read?
//
// In evaluation `Dropout` drops nothing, and `BatchNorm2d` takes the means and variances that it has
// gathered while training: what is read does not depend on what else is in the batch.

// %%
model.eval()
const readAs = noGrad(() => model.forward(xTest)).argmax(1)
const right = readAs.eq(yTest).sum().item()
console.log(`\nread rightly: ${right} of ${yTest.numel}`)
console.log(`test accuracy: ${((100 * right) / yTest.numel).toFixed(1)} %`)

const misread = [...yTest.data.keys()]
  .filter((i) => readAs.data[i] !== yTest.data[i])
  .map((i) => ({
    pixels: xTest.at(i).flatten().toArray() as number[],
    caption: `a ${yTest.data[i]}, read as ${readAs.data[i]}`,
  }))
const misreadDigits = await outputPath('digits-cnn-misread.svg')
await saveDigits(misreadDigits, `Misread digits (${misread.length})`, misread)

// %% [markdown]
// ## What has it learned to look for?
//
// The filters of the first layer are small enough to look at: 3 × 3 weights each. Beside each stands
// where it fits in one digit, after its channel's `BatchNorm2d` and `ReLU`. Many look for edges, with ink
// on one side and paper on the other; some for a stroke in one direction, some for paper among ink.

// %%
const [filters, normalize, rectify] = [model.at(0), model.at(1), model.at(2)]
const digit = xTest.narrow(0, 0, 1)
const fits = noGrad(() => rectify.forward(normalize.forward(filters.forward(digit))))
const rows = (image: Tensor): number[][] => image.toArray() as number[][]
const filterSheet = await outputPath('digits-cnn-filters.svg')
await saveFilters(
  filterSheet,
  `The first layer's filters, and where they fit in a ${yTest.at(0).item()}`,
  rows(digit.at(0, 0)),
  filters.weight
    .unbind()
    .map((weight, i) => ({ weights: rows(weight.at(0)), fit: rows(fits.at(0, i)) })),
)
console.log(`\nThe misread digits:  ${shownPath(misreadDigits)}`)
console.log(`The filters:         ${shownPath(filterSheet)}`)

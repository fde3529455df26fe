// %% [markdown]
// # Reading handwritten digits
//
// What this teaches: a whole experiment, from a file of numbers to pictures of what went wrong. A
// network learns from 1,437 digits that people wrote by hand, and is tested on 360 that it has never
// seen.
//
// The digits are the test set of the UCI collection "Optical Recognition of Handwritten Digits"
// (E. Alpaydin, C. Kaynak, 1998; CC BY 4.0): 8 × 8 pixels from 0 to 16, and the digit.

// %%
import { manualSeed, noGrad, type Tensor } from '@gradtape/core'
import { DataLoader, TensorDataset, trainTestSplit } from '@gradtape/data'
import { loadCsv } from '@gradtape/data/node'
import { Dense, Dropout, functional as F, ReLU, Sequential } from '@gradtape/nn'
import { Adam } from '@gradtape/optim'
import { readArguments } from './src/arguments.ts'
import { saveDigits, saveLossCurve } from './src/digit-plots.ts'
import { outputPath, shownPath } from './src/output.ts'
import { progress } from './src/progress.ts'

const { short } = readArguments()
const epochs = short ? 10 : 40

const table = await loadCsv(new URL('data/digits.csv', import.meta.url))
const x = table.narrow(1, 0, 64).div(16)
const y = table.at('...', 64).to('int32')
const [xTrain, xTest, yTrain, yTest] = trainTestSplit(x, y, { testSize: 0.2, randomState: 42 })
console.log(`${yTrain.numel} digits to learn from, ${yTest.numel} held out`)

// %% [markdown]
// One seed decides all that is random: the first weights, the order of the batches, and what
// `Dropout` drops. So every run gives the same figures.
//
// Dropout hides a random 40 % of the hidden units at every step. No unit can rely on another one,
// and what the network learns carries over better to digits it has not seen.

// %%
manualSeed(0)
const model = new Sequential(
  new Dense(64, 256),
  new ReLU(),
  new Dropout({ p: 0.4 }),
  new Dense(256, 10),
)
console.log(model)
const loader = new DataLoader(new TensorDataset(xTrain, yTrain), { batchSize: 32, shuffle: true })
const optimizer = new Adam(model.parameters(), { lr: 3e-3 })

// %% [markdown]
// The network's ten outputs are logits: the larger one is, the more likely its digit. The
// cross-entropy takes their softmax by itself.
//
// The digits held out are only looked at: `eval()` lets Dropout rest, and `noGrad` the tape.

// %%
function logitsOf(digits: Tensor): Tensor {
  model.eval()
  const logits = noGrad(() => model.forward(digits))
  model.train()
  return logits
}

const losses = { train: [] as number[], heldOut: [] as number[] }
const bar = progress('epoch', epochs, 5)
for (let epoch = 1; epoch <= epochs; epoch++) {
  let sum = 0
  for (const [xb, yb] of loader) {
    optimizer.zeroGrad()
    const loss = F.crossEntropy(model.forward(xb), yb)
    loss.backward()
    optimizer.step()
    sum += loss.item() * yb.numel
  }
  losses.train.push(sum / yTrain.numel)
  losses.heldOut.push(F.crossEntropy(logitsOf(xTest), yTest).item())
  const [train, heldOut] = [losses.train, losses.heldOut].map((each) => each.at(-1)!.toFixed(4))
  bar.update(epoch, `loss ${train}, held out ${heldOut}`)
}
bar.stop()

// %% [markdown]
// ## How well does it read?
//
// In the confusion table each row is a digit, and the columns say how often it was read as what.

// %%
const readAs = logitsOf(xTest).argmax(1)
const right = readAs.eq(yTest).sum().item()
console.log(`\ntest accuracy: ${((100 * right) / yTest.numel).toFixed(1)} %\n`)

const confusion = Array.from({ length: 10 }, () => new Array<number>(10).fill(0))
yTest.data.forEach((digit, i) => confusion[digit][readAs.data[i]]++)
const row = (head: string, cells: Iterable<number | string>): string =>
  head.padStart(8) + Array.from(cells, (cell) => String(cell).padStart(4)).join('')
console.log(row('read as', confusion.keys()))
confusion.forEach((counts, digit) => {
  console.log(
    row(
      `a ${digit}`,
      counts.map((count) => (count === 0 ? '·' : count)),
    ),
  )
})

// %% [markdown]
// ## Pictures
//
// How the loss fell, and the digits that were misread. Judge yourself which of them a person would
// have read.

// %%
const misread = [...yTest.data.keys()]
  .filter((i) => readAs.data[i] !== yTest.data[i])
  .map((i) => ({
    pixels: xTest.at(i).toArray() as number[],
    caption: `a ${yTest.data[i]}, read as ${readAs.data[i]}`,
  }))
const lossCurve = await outputPath('digits-loss.svg')
const misreadDigits = await outputPath('digits-misread.svg')
await saveLossCurve(lossCurve, losses)
await saveDigits(misreadDigits, `Misread digits (${misread.length})`, misread)
console.log(`\nThe loss curve:      ${shownPath(lossCurve)}`)
console.log(`The misread digits:  ${shownPath(misreadDigits)}`)

// %% [markdown]
// # Drawing handwritten digits
//
// What this teaches: a model that makes new data. A _variational autoencoder_ learns to squeeze a digit
// of 64 pixels into a few numbers, the _code_, and to draw the digit from them. After that it draws
// digits that nobody wrote, from codes drawn at random.
//
// It shows two things about gradients: how they pass through a random draw, and how a learning rate
// warms up and cools down.
//
// Source: Kingma, Welling, "Auto-Encoding Variational Bayes", ICLR 2014. The digits are those of the
// example `digits`.

// %%
import { clamp, manualSeed, noGrad, randn, stack, type Tensor } from '@gradtape/core'
import { DataLoader, TensorDataset, trainTestSplit } from '@gradtape/data'
import { loadCsv } from '@gradtape/data/node'
import { Dense, functional as F, Module, ReLU, Sequential } from '@gradtape/nn'
import { Adam, CosineAnnealingLR, LinearLR, SequentialLR } from '@gradtape/optim'
import { readArguments } from './src/arguments.ts'
import { saveDigits } from './src/digit-plots.ts'
import { outputPath, shownPath } from './src/output.ts'
import { progress } from './src/progress.ts'

const { short } = readArguments()
const epochs = short ? 30 : 120

const table = await loadCsv(new URL('data/digits.csv', import.meta.url))
const pixels = table.narrow(1, 0, 64).div(16)
const labels = table.at('...', 64).to('int32')
const [xTrain, xTest, yTrain, yTest] = trainTestSplit(pixels, labels, {
  testSize: 0.2,
  randomState: 42,
})

// %% [markdown]
// ## Two networks
//
// The _encoder_ doesn't say which code a digit has, but which ones it may have: a normal distribution,
// by its mean and the logarithm of its variance. The _decoder_ draws from a code: a logit for each
// pixel.
//
// A code is drawn from the distribution. One can't differentiate a draw. But `mean + deviation · ε`,
// with ε from a normal distribution that knows nothing of the network, is the same draw, and sums and
// products have derivatives: ε is only a constant in them. That is the _reparametrisation trick_.

// %%
const codeSize = 8

class Autoencoder extends Module {
  readonly encoder = new Sequential<Module[]>(
    new Dense(64, 256),
    new ReLU(),
    new Dense(256, 128),
    new ReLU(),
    new Dense(128, 2 * codeSize),
  )
  readonly decoder = new Sequential<Module[]>(
    new Dense(codeSize, 128),
    new ReLU(),
    new Dense(128, 256),
    new ReLU(),
    new Dense(256, 64),
  )

  /** Mean and log-variance of the codes of digits. */
  encode(x: Tensor): [mean: Tensor, logVariance: Tensor] {
    const both = this.encoder.forward(x)
    return [both.narrow(1, 0, codeSize), both.narrow(1, codeSize, codeSize)]
  }

  /** The logits of digits drawn from codes that were drawn for these digits, and what the codes cost. */
  forward(x: Tensor): { logits: Tensor; codeCost: Tensor } {
    const [mean, logVariance] = this.encode(x)
    const deviation = logVariance.div(2).exp()
    const code = mean.add(deviation.mul(randn(mean.shape)))
    const divergence = mean.square().add(logVariance.exp()).sub(logVariance).sub(1).div(2)
    return { logits: this.decoder.forward(code), codeCost: divergence.sum(1).mean() }
  }

  /** The ink of each pixel, from 0 to 1. */
  draw(code: Tensor): Tensor {
    return noGrad(() => this.decoder.forward(code).sigmoid())
  }
}

// %% [markdown]
// ## What is minimized
//
// Two costs of a digit are added, both in nats. The first is what its pixels cost, given the code that
// was drawn. Each of the 8 × 8 pixels counts how many of 16 finer ones are dark, so its cost is that of
// 16 throws of a coin: 16 times the cross-entropy, but for a constant. The second is what the code
// costs: how far its distribution is from the standard normal one, by the Kullback–Leibler divergence,
// `½ Σ (mean² + variance − log variance − 1)`. Without it, each digit would get a place of its own, and
// a code drawn at random would fall in between. Their sum bounds, from above, what the digit itself
// costs under the model.

// %%
const throwsPerDigit = 64 * 16

function costs(x: Tensor): { pixelCost: Tensor; codeCost: Tensor } {
  const { logits, codeCost } = model.forward(x)
  return { pixelCost: F.binaryCrossEntropyWithLogits(logits, x).mul(throwsPerDigit), codeCost }
}

// %% [markdown]
// ## Learning
//
// The learning rate rises for a few epochs, while Adam still has to find out how large gradients are,
// and then falls along half a cosine.

// %%
manualSeed(0)
const model = new Autoencoder()
const optimizer = new Adam(model.parameters(), { lr: 2e-3 })
const warmUp = Math.ceil(epochs / 20)
const schedule = new SequentialLR(optimizer, {
  schedulers: [
    new LinearLR(optimizer, { startFactor: 0.1, totalIters: warmUp }),
    new CosineAnnealingLR(optimizer, { tMax: epochs - warmUp, etaMin: 3e-5 }),
  ],
  milestones: [warmUp],
})

const loader = new DataLoader(new TensorDataset(xTrain, yTrain), { batchSize: 64, shuffle: true })
const bar = progress('epoch', epochs, 10)
for (let epoch = 1; epoch <= epochs; epoch++) {
  let sum = 0
  for (const [x] of loader) {
    optimizer.zeroGrad()
    const { pixelCost, codeCost } = costs(x)
    const loss = pixelCost.add(codeCost)
    loss.backward()
    optimizer.step()
    sum += loss.item() * x.shape[0]!
  }
  const [lr] = schedule.lastLr
  schedule.step()
  bar.update(epoch, `${(sum / xTrain.shape[0]!).toFixed(1)} nats a digit, lr ${lr!.toFixed(5)}`)
}
bar.stop()

// %% [markdown]
// ## How much has it understood?
//
// The digits held out are measured against a model that knows how dark each pixel is on average, and
// nothing about how pixels hang together.

// %%
const heldOut = noGrad(() => costs(xTest))
const [pixelCost, codeCost] = [heldOut.pixelCost.item(), heldOut.codeCost.item()]
const average = clamp(xTrain.mean(0), { min: 1e-3, max: 1 - 1e-3 })
const independent = average.log().sub(average.neg().log1p()).expand(xTest.shape)
const baseline = F.binaryCrossEntropyWithLogits(independent, xTest).mul(throwsPerDigit).item()
console.log(`\neach pixel by itself, held out: ${baseline.toFixed(1)}`)
console.log(`the autoencoder, held out: ${(pixelCost + codeCost).toFixed(1)}`)
console.log(`  of this, the pixels: ${pixelCost.toFixed(1)}`)
console.log(`  of this, the code: ${codeCost.toFixed(1)}`)

// %% [markdown]
// ## Digits that nobody wrote
//
// Each drawing is captioned with the digit that was written most alike.

// %%
function nearest(drawn: Tensor): string {
  const distances = xTrain.sub(drawn).square().sum(1)
  return `like a ${yTrain.at(distances.argmin().item()).item()}`
}

const drawn = model.draw(randn([30, codeSize])).unbind()
const drawings = drawn.map((ink) => ({
  pixels: ink.toArray() as number[],
  caption: nearest(ink),
}))
const sheet = await outputPath('digits-drawn.svg')
await saveDigits(sheet, 'Digits that nobody wrote', drawings)
const kinds = new Set(drawings.map(({ caption }) => caption)).size
console.log(`\nkinds of digits among 30 drawings: ${kinds}`)

// %% [markdown]
// ## From one digit to another
//
// Codes between those of two digits give drawings between them. A mean of the pixels would be two
// digits, one over the other.

// %%
const [means] = noGrad(() => model.encode(xTest))
const walks = [...Array(5).keys()].flatMap((walk) => {
  const [from, to] = [2 * walk, 2 * walk + 1]
  const along = [0, 0.2, 0.4, 0.6, 0.8, 1]
  const codes = stack(along.map((share) => means.at(from).lerp(means.at(to), share)))
  const ends = [
    `from a ${yTest.at(from).item()}`,
    ...along.slice(2).map(() => ''),
    `to a ${yTest.at(to).item()}`,
  ]
  return model
    .draw(codes)
    .unbind()
    .map((ink, i) => ({ pixels: ink.toArray() as number[], caption: ends[i]! }))
})
const transitions = await outputPath('digits-walks.svg')
await saveDigits(transitions, 'From one digit to another', walks)
console.log(`\nThe drawings:  ${shownPath(sheet)}`)
console.log(`The walks:     ${shownPath(transitions)}`)

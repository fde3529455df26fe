// %% [markdown]
// # A gradient for each example
//
// What this teaches: `vmap` makes of a function of one example a function of many, and
// `vmap(grad(loss))` gives every example's own gradient. A training step needs only their mean. But
// each alone tells something: which examples pull hardest at the network. It finds labels that are
// wrong, and it lets a network learn without learning any one person's data by heart.

// %%
import {
  einsum,
  grad,
  manualSeed,
  rand,
  randn,
  RandomState,
  tensor,
  vmap,
  where,
  zeros,
  type Tensor,
} from '@gradtape/core'
import { trainTestSplit } from '@gradtape/data'
import { loadCsv } from '@gradtape/data/node'
import { functional as F } from '@gradtape/nn'
import { readArguments } from './src/arguments.ts'
import { saveDigits } from './src/digit-plots.ts'
import { outputPath, shownPath } from './src/output.ts'
import { epsilon } from './src/privacy.ts'
import { progress } from './src/progress.ts'

const { short } = readArguments()

// %% [markdown]
// The data are the handwritten digits of the example `digits`. To have something to find, we spoil
// every twentieth label: it becomes a random other digit.

// %%
const table = await loadCsv(new URL('data/digits.csv', import.meta.url))
const images = table.narrow(1, 0, 64).div(16)
const digits = table.at('...', 64).to('int32')
const [x, xTest, truth, yTest] = trainTestSplit(images, digits, { testSize: 0.2, randomState: 42 })

const n = truth.numel
const random = new RandomState(0)
const spoilt = zeros([n], { dtype: 'bool' })
spoilt.indexPut_([random.choice(n, [Math.round(n / 20)], { replace: false })], tensor(true))
const y = where(spoilt, truth.add(random.randint(1, 10, [n])).remainder(10), truth)
console.log(`${n} digits to learn from, ${spoilt.sum().item()} of them with a wrong label`)

// %% [markdown]
// ## A network that is a function
//
// Here a network is no object with state, but a function of its parameters, which are a plain object
// of tensors. So it can be handed to `grad` and `vmap`. `loss` works for one example, where `image` is
// `[64]` and `label` one number. It works for a batch too, where it is the mean.

// %%
interface Network {
  readonly W1: Tensor
  readonly b1: Tensor
  readonly W2: Tensor
  readonly b2: Tensor
}

function freshNetwork(hidden = 32): Network {
  return {
    W1: randn([hidden, 64]).div(Math.sqrt(64)),
    b1: zeros([hidden]),
    W2: randn([10, hidden]).div(Math.sqrt(hidden)),
    b2: zeros([10]),
  }
}

/** The network with every tensor replaced by what `f` makes of it. */
function update(network: Network, f: (p: Tensor, name: keyof Network) => Tensor): Network {
  const { W1, b1, W2, b2 } = network
  return { W1: f(W1, 'W1'), b1: f(b1, 'b1'), W2: f(W2, 'W2'), b2: f(b2, 'b2') }
}

function logitsOf({ W1, b1, W2, b2 }: Network, image: Tensor): Tensor {
  return F.linear(F.linear(image, W1, b1).tanh(), W2, b2)
}

function loss(network: Network, image: Tensor, label: Tensor): Tensor {
  return F.crossEntropy(logitsOf(network, image), label)
}

function accuracy(network: Network): string {
  const right = logitsOf(network, xTest).argmax(1).eq(yTest)
  return `${(100 * right.to('float32').mean().item()).toFixed(1)} %`
}

// %% [markdown]
// ## vmap
//
// `inDims` says along which dimension of each argument the examples lie: along none of the network,
// which is the same for all, and along dimension 0 of images and labels. Each gradient gets a
// dimension in front.

// %%
const gradients = vmap(grad(loss), { inDims: [null, 0, 0] })

manualSeed(0)
let network = freshNetwork()
const few = gradients(network, x.narrow(0, 0, 200), y.narrow(0, 0, 200))
console.log(`\nW1 has the shape ${JSON.stringify(network.W1.shape)}`)
console.log(`and its gradients for 200 examples ${JSON.stringify(few.W1.shape)}`)

// %% [markdown]
// A loop would give the same, one example after the other. `vmap` runs each operation once for all
// of them.

// %%
let most = 0
for (let i = 0; i < 200; i++) {
  const one = grad(loss)(network, x.at(i), y.at(i))
  for (const name of ['W1', 'b1', 'W2', 'b2'] as const) {
    most = Math.max(most, few[name].at(i).sub(one[name]).abs().max().item())
  }
}
console.log(`Those of the loop differ by at most: ${most}`)

// %% [markdown]
// ## Wrong labels
//
// Train for a while. The mean of the gradients is the gradient of the mean, so this needs no vmap.

// %%
console.log('')
const steps = short ? 60 : 150
const bar = progress('step', steps, 30)
for (let step = 1; step <= steps; step++) {
  const g = grad(loss)(network, x, y)
  network = update(network, (p, name) => p.sub(g[name].mul(0.5)))
  bar.update(step, `held out accuracy ${accuracy(network)}`)
}
bar.stop()

// %% [markdown]
// By now the network has an opinion of every digit. Where it agrees with the label, the gradient is
// short. Where it is sure of another digit, the example pulls hard. So let us go through the
// examples from the longest gradient on, as a person would who checks the labels.

// %%
/** The length of each example's gradient, over all parameters. */
function lengthsOf(perExample: Network): Tensor {
  const squares = Object.values(perExample).map((g: Tensor) => g.flatten(1).square().sum(1))
  return squares.reduce((sum, each) => sum.add(each)).sqrt()
}

const lengths = lengthsOf(gradients(network, x, y))
const suspects = lengths.sort(0, { descending: true }).indices
console.log('\n  checked   wrong labels found')
for (const checked of [25, 50, 75, 100, 150]) {
  const found = spoilt
    .indexSelect(0, suspects.narrow(0, 0, checked))
    .sum()
    .item()
  console.log(`${String(checked).padStart(9)}   ${found} of ${spoilt.sum().item()}`)
}

const picture = await outputPath('suspect-labels.svg')
await saveDigits(
  picture,
  'The 24 digits that pull hardest',
  Array.from(suspects.data.slice(0, 24), (i) => ({
    pixels: x.at(i).toArray() as number[],
    caption: `labelled ${y.data[i]}, ${spoilt.data[i] ? `is a ${truth.data[i]}` : 'rightly'}`,
  })),
)
console.log(`The first of them: ${shownPath(picture)}`)

// %% [markdown]
// ## Learning in private
//
// A network can give away what it was trained on. Differential privacy promises that it does not:
// whether any one example took part changes the chance of any outcome by a factor of at most e^ε
// (but for a small probability δ). M. Abadi et al. (Deep learning with differential privacy, 2016)
// keep that promise in three moves, and the second needs each example's own gradient:
//
// 1. In each step every example takes part by chance.
// 2. Gradients longer than a limit are cut to it, so that no example has much to say.
// 3. Noise is added to their sum, enough to drown any one of them.
//
// The smaller ε, the stronger the promise; with 1 it is a strong one, with 10 hardly any. The labels
// are the right ones now.

// %%
const share = 0.1
const limit = 1
const noise = 2
const privateSteps = short ? 60 : 200
const learningRate = short ? 2 : 1

/** The examples' gradients, none longer than `limit`. */
function clipped(perExample: Network): Network {
  const scale = lengthsOf(perExample).reciprocal().mul(limit).clamp({ max: 1 })
  return update(perExample, (g) => einsum('i,i...->i...', scale, g))
}

function privateGradient(at: Network): Network {
  const taking = rand([n]).lt(share)
  const perExample = clipped(gradients(at, x.at(taking), truth.at(taking)))
  return update(perExample, (g) => {
    const sum: Tensor = g.sum(0)
    return sum.add(randn([...sum.shape]).mul(noise * limit)).div(share * n)
  })
}

let reticent = freshNetwork()
const first = gradients(reticent, x, truth)
const [longest, cut] = [first, clipped(first)].map((each) => lengthsOf(each).max().item())
console.log(`\nThe longest gradient of a fresh network: ${longest.toFixed(3)}`)
console.log(`When it is cut: ${cut.toFixed(3)}`)

for (let step = 1; step <= privateSteps; step++) {
  const g = privateGradient(reticent)
  reticent = update(reticent, (p, name) => p.sub(g[name].mul(learningRate)))
}

const delta = 1e-4
const spent = epsilon({ share, noise, steps: privateSteps, delta })
console.log(`accuracy, trained as usual, with wrong labels: ${accuracy(network)}`)
console.log(`accuracy, trained in private: ${accuracy(reticent)}`)
console.log(`privacy spent: epsilon ${spent.toFixed(2)} at delta ${delta}`)

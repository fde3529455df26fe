// %% [markdown]
// # A model from PyTorch, and back
//
// What this teaches: bringing a trained model over. `pytorch/model.py` has a network that reads digits,
// `pytorch/train.py` trained it in PyTorch and wrote its state dict as a safetensors file. Here the same
// network is built, takes the weights, and is held to what PyTorch computed. Then it learns on, and goes
// back.

// %%
import { manualSeed, noGrad, randn, type Tensor } from '@gradtape/core'
import { DataLoader, TensorDataset, trainTestSplit } from '@gradtape/data'
import { loadCsv, loadNpz, loadSafetensors, saveNpz, saveSafetensors } from '@gradtape/data/node'
import {
  BatchNorm2d,
  Conv2d,
  Dense,
  functional as F,
  LayerNorm,
  MaxPool2d,
  Module,
  Parameter,
  ReLU,
  Sequential,
  TransformerEncoderLayer,
} from '@gradtape/nn'
import { AdamW, CosineAnnealingLR } from '@gradtape/optim'
import { readArguments } from './src/arguments.ts'
import { outputPath, shownPath } from './src/output.ts'
import { progress } from './src/progress.ts'

const { short } = readArguments()
const epochs = short ? 3 : 12

// %% [markdown]
// ## The network, word for word
//
// A convolution and a pool make 16 places of 32 features from a picture. A parameter tells the places
// apart. In a transformer's layer each place looks at all others; their mean decides.
//
// Fields have the names that they have in PyTorch, so the names in the state dict are the same ones, such
// as `encoder.self_attn.in_proj_weight`: what is `selfAttn` in the layer is `self_attn` there. `Dense` is
// PyTorch's `Linear`.

// %%
class DigitReader extends Module {
  readonly stem = new Sequential(
    new Conv2d(1, 32, 3, { padding: 1, bias: false }),
    new BatchNorm2d(32),
    new ReLU(),
    new MaxPool2d(2),
  )
  readonly places = new Parameter(randn([16, 32]).mul(0.02))
  readonly encoder = new TransformerEncoderLayer(32, 4, {
    dimFeedforward: 64,
    activation: 'gelu',
    batchFirst: true,
    normFirst: true,
  })
  readonly norm = new LayerNorm(32)
  readonly head = new Dense(32, 10)

  forward(x: Tensor): Tensor {
    const atPlaces = this.stem.forward(x).flatten(2).transpose(1, 2)
    const seen = this.encoder.forward(atPlaces.add(this.places))
    return this.head.forward(this.norm.forward(seen).mean(1))
  }
}

// %% [markdown]
// ## The weights
//
// `loadStateDict` takes all or nothing: a name that is missing, one too many or another shape is an error
// that lists them all.

// %%
manualSeed(0)
const model = new DigitReader()
const state = await loadSafetensors(new URL('data/digit-reader.safetensors', import.meta.url))
model.loadStateDict(state)
const sizes = Object.values(state).map(({ numel }) => numel)
console.log(
  `${sizes.length} tensors of ${sizes.reduce((a, b) => a + b).toLocaleString('en')} numbers`,
)

// %% [markdown]
// ## The same outputs?
//
// PyTorch wrote its logits for the digits held out, once as it computed them in float32, and once in
// float64. In float32 both round at each step, in another order, so the last digits differ. In float64
// hardly anything is left of that, and a mistake in a formula would stand out.

// %%
const table = await loadCsv(new URL('data/digits.csv', import.meta.url))
const x = table.narrow(1, 0, 64).div(16).reshape([-1, 1, 8, 8])
const y = table.at('...', 64).to('int32')
const [xTrain, xTest, yTrain, yTest] = trainTestSplit(x, y, { testSize: 0.2, randomState: 42 })

function logitsOf(digits: Tensor): Tensor {
  model.eval()
  return noGrad(() => model.forward(digits))
}

const expected = await loadNpz(new URL('data/digit-reader-logits.npz', import.meta.url))
for (const dtype of ['float32', 'float64'] as const) {
  model.to(dtype)
  const logits = logitsOf(xTest.to(dtype))
  const difference = logits.sub(expected[dtype]).abs().max().item()
  console.log(`largest difference in ${dtype}: ${difference.toExponential(1)}`)
}
model.to('float32')

function accuracy(): string {
  const right = logitsOf(xTest).argmax(1).eq(yTest).sum().item()
  return `${((100 * right) / yTest.numel).toFixed(1)} %`
}

console.log(`largest logit: ${expected.float64.abs().max().item().toFixed(1)}`)
console.log(`\naccuracy as it came: ${accuracy()}`)

// %% [markdown]
// ## Learning on
//
// The network had seen 500 digits. Here are 1,437, those among them.

// %%
const loader = new DataLoader(new TensorDataset(xTrain, yTrain), { batchSize: 64, shuffle: true })
const optimizer = new AdamW(model.parameters(), { lr: 2e-3 })
const schedule = new CosineAnnealingLR(optimizer, { tMax: epochs })
const bar = progress('epoch', epochs, 3)
for (let epoch = 1; epoch <= epochs; epoch++) {
  model.train()
  let sum = 0
  for (const [xb, yb] of loader) {
    optimizer.zeroGrad()
    const loss = F.crossEntropy(model.forward(xb), yb)
    loss.backward()
    optimizer.step()
    sum += loss.item() * yb.numel
  }
  schedule.step()
  bar.update(epoch, `loss ${(sum / yTrain.numel).toFixed(4)}`)
}
bar.stop()
console.log(`accuracy after learning on: ${accuracy()}`)

// %% [markdown]
// ## And back
//
// The state dict is saved under the same names. `pytorch/check.py` loads it into PyTorch, computes the
// logits there, and compares them with those that are saved beside it.

// %%
const tuned = await outputPath('digit-reader.safetensors')
const logits = await outputPath('digit-reader-logits.npz')
await saveSafetensors(tuned, model.stateDict(), { metadata: { format: 'pt' } })
await saveNpz(logits, { float32: logitsOf(xTest) })
console.log(`\nThe state dict:  ${shownPath(tuned)}`)
console.log(`Its logits:      ${shownPath(logits)}`)
console.log('\nTo load them into PyTorch: python3 examples/pytorch/check.py')

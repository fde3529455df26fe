// %% [markdown]
// # Two backward passes for one network
//
// Deriving a backward pass by hand is a fine exercise, and easy to get wrong: a wrong gradient
// raises no error, the network merely learns badly. This notebook takes a small network whose
// hand-written backward pass has a mistake in it, puts the tape's beside it, and lets finite
// differences judge both.
//
// The network has two inputs, a hidden layer of two units *without an activation*, and a sigmoid:
//
// Z1 = W1·X + b1, A1 = Z1, A2 = sigmoid(W2·A1 + b2)

// %%
import { log, noGrad, ones, sigmoid, sub, tensor, zeros, type Tensor } from '@gradtape/core'
import { readArguments } from './src/arguments.ts'
import { pythonPrint } from './src/numpy-print.ts'

readArguments() // The whole notebook takes no time: --short runs all of it.

const leaf = { dtype: 'float64', requiresGrad: true } as const
const x = tensor([[1], [0]], { dtype: 'float64' }) // columns are examples; there is one
const y = tensor([[1]], { dtype: 'float64' })
const examples = y.size(1)
const parameters = {
  W1: ones([2, 2], leaf),
  b1: zeros([2, 1], leaf),
  W2: ones([1, 2], leaf),
  b2: zeros([1, 1], leaf),
}
type Parameters = Record<keyof typeof parameters, Tensor>

function forward({ W1, b1, W2, b2 }: Parameters): { A1: Tensor; A2: Tensor } {
  const A1 = W1.matmul(x).add(b1)
  return { A1, A2: sigmoid(W2.matmul(A1).add(b2)) }
}

function cost(at: Parameters): Tensor {
  const { A2 } = forward(at)
  const surprise = y.mul(log(A2)).add(sub(1, y).mul(log(sub(1, A2))))
  return surprise.sum().neg().div(examples)
}

// %% [markdown]
// ## By hand
//
// A common pattern of tutorials, line by line. Look at `dZ1`: the factor 1 − A1² is the derivative
// of tanh. It was carried over from a network whose hidden layer had one. This layer doesn't, so the
// factor should be 1. As it happens A1 is 1 here, and the factor 0: nothing reaches W1 and b1.

// %%
function backwardByHand(at: Parameters): Parameters {
  const { A1, A2 } = forward(at)
  const dZ2 = A2.sub(y)
  const dZ1 = at.W2.T.matmul(dZ2).mul(sub(1, A1.square()))
  return {
    W1: dZ1.matmul(x.T).div(examples),
    b1: dZ1.sum(1, { keepdim: true }).div(examples),
    W2: dZ2.matmul(A1.T).div(examples),
    b2: dZ2.sum(1, { keepdim: true }).div(examples),
  }
}

const learningRate = 0.1
const byHand = noGrad(() => backwardByHand(parameters))

// The tutorial's own lines: after a step of gradient descent W11 is what it was.
console.log(`Initial W11: ${pythonPrint(parameters.W1.at(0, 0).item())}`)
console.log(`iteration: 0, cross entropy cost: ${cost(parameters).item().toFixed(6)}`)
const W1 = noGrad(() => parameters.W1.sub(byHand.W1.mul(learningRate)))
console.log(`Value of W11 after backpropagation: ${pythonPrint(W1.at(0, 0).item())}`)

// %% [markdown]
// ## By the tape
//
// Only the forward pass is written. Every operation of it left a note on the tape, and `backward`
// walks the notes in reverse.

// %%
cost(parameters).backward()

// %% [markdown]
// ## By finite differences
//
// The judge knows nothing of derivatives. It moves one parameter a little to either side and looks
// at what the cost does: (cost(θ + h) − cost(θ − h)) / 2h, right to about h².

// %%
function finiteDifferences(name: keyof Parameters, h = 1e-5): number[] {
  const value = parameters[name].detach()
  return Array.from(value.data, (_, i) => {
    const costAt = (step: number): number => {
      const moved = value.toTypedArray()
      moved[i] += step
      return cost({ ...parameters, [name]: tensor(moved, { shape: [...value.shape] }) }).item()
    }
    return (costAt(h) - costAt(-h)) / (2 * h)
  })
}

// %% [markdown]
// ## The check
//
// The mistake shows in W1 and b1, the parameters below the hidden layer; what lies above it is right.

// %%
const columns = ['gradient', 'by hand', 'by the tape', 'by differences', 'wrong']
const row = (cells: string[]): string =>
  cells.map((cell, i) => (i === 0 || i === 4 ? cell.padEnd(10) : cell.padStart(22))).join(' ')
// Differences are good to about h², which is 1e-10 here.
const tolerance = 1e-8

console.log(`\n${row(columns)}`)
const wrongFor = { hand: new Set<string>(), tape: new Set<string>() }
for (const name of Object.keys(parameters) as (keyof Parameters)[]) {
  const { shape, grad } = parameters[name]
  finiteDifferences(name).forEach((judged, i) => {
    const found = { hand: byHand[name].data[i], tape: grad!.data[i] }
    const wrong = (['hand', 'tape'] as const).filter(
      (who) => Math.abs(found[who] - judged) > tolerance,
    )
    for (const who of wrong) wrongFor[who].add(name)
    const place = `${name}[${Math.floor(i / shape[1])}][${i % shape[1]}]`
    const numbers = [String(found.hand), String(found.tape), judged.toFixed(10)]
    console.log(row([place, ...numbers, wrong.join(' and ')]))
  })
}
const list = (names: Set<string>): string => [...names].join(', ') || 'none'
console.log(`\nWrong by hand: ${list(wrongFor.hand)}`)
console.log(`Wrong by the tape: ${list(wrongFor.tape)}`)

// %% [markdown]
// One step with the tape's gradient moves W11 up, as it should: the answer is 1, and the network
// says 0.88.

// %%
const corrected = noGrad(() => parameters.W1.sub(parameters.W1.grad!.mul(learningRate)))
console.log(`Value of W11 after a step with the tape's gradient: ${corrected.at(0, 0).item()}`)

// %% [markdown]
// # Your own operation: the orbit of a planet
//
// What this teaches: `customOp` makes an operation of any function, with a derivative that you
// write, and `gradcheck` tells whether it is right.
//
// A planet on an ellipse of eccentricity e is not equally fast everywhere. Kepler's equation tells
// where it is: M = E − e·sin E. The angle M grows evenly with time; E is where the planet stands. No
// formula gives E, so it is found by Newton's method, in a loop. The tape could follow the loop, turn
// by turn. But the equation itself holds the derivative.

// %%
import { cos, customOp, linspace, RandomState, sin, sub, tensor, type Tensor } from '@gradtape/core'
import { Adam } from '@gradtape/optim'
import { gradcheck, gradgradcheck } from '@gradtape/testing'
import { readArguments } from './src/arguments.ts'

const { short } = readArguments()

/** Solves M = E − e·sin E for E. It computes with plain numbers, which no tape could see. */
function solveKepler(M: number, e: number): number {
  let E = e < 0.8 ? M : Math.PI
  for (let turn = 0; turn < 50; turn++) {
    const step = (E - e * Math.sin(E) - M) / (1 - e * Math.cos(E))
    E -= step
    if (Math.abs(step) < 1e-15) break
  }
  return E
}

// %% [markdown]
// Differentiate both sides: dM = dE − de·sin E − e·cos E·dE, so
//
// dE = (dM + sin E · de) / (1 − e·cos E).
//
// `vjp` says this for the backward pass: given the derivative of the loss by E (`ct`), it returns
// those by M and by e, each in the shape of its input. As e is one number that serves all M, its parts
// are added. `jvp` says the same for forward mode. Both are written in tensor operations, so they can
// be differentiated again: E itself is the operation's `output`.

// %%
const kepler = customOp({
  name: 'kepler',
  forward: (M: Tensor, e: Tensor) =>
    tensor(
      Float64Array.from(M.data, (m) => solveKepler(m, e.item())),
      { shape: [...M.shape] },
    ),
  vjp: (ct, { inputs: [, e], output: E }) => {
    const byM = ct.div(sub(1, e.mul(cos(E))))
    return [byM, byM.mul(sin(E)).sum()]
  },
  jvp: ([dM, de], { inputs: [, e], output: E }) =>
    dM.add(sin(E).mul(de)).div(sub(1, e.mul(cos(E)))),
})

// %% [markdown]
// Is the derivative right? Differences of the values are the judge, for the first order and, because
// `vjp` can be differentiated, for the second.

// %%
const float64 = { dtype: 'float64' } as const
const someM: Tensor = linspace(-3, 3, 7, { ...float64, requiresGrad: true })
const someE: Tensor = tensor(0.3, { ...float64, requiresGrad: true })
console.log(`first derivatives are right: ${gradcheck(kepler, [someM, someE])}`)
console.log(`second derivatives are right: ${gradgradcheck(kepler, [someM, someE])}`)

// %% [markdown]
// A wrong derivative does not pass. Here the denominator was forgotten:

// %%
const careless = customOp({
  name: 'careless',
  forward: (M: Tensor, e: Tensor) => kepler(M, e),
  vjp: (ct, { output: E }) => [ct, ct.mul(sin(E)).sum()],
})
const verdict = gradcheck(careless, [someM, someE], { raiseException: false })
console.log(`a careless derivative is right: ${verdict}`)

// %% [markdown]
// Now the operation is like any other. Forty places of a planet were seen, not quite sharply. Which
// eccentricity had its orbit, and where did it start? Gradients flow through Kepler's equation.

// %%
const times = linspace(0, 2 * Math.PI, 40, float64)

/** Where the planet stands at `times`: an ellipse with the sun in a focus. */
function orbit(e: Tensor, start: Tensor): [x: Tensor, y: Tensor] {
  const E = kepler(times.add(start), e)
  return [cos(E).sub(e), sin(E).mul(sub(1, e.square()).sqrt())]
}

const random = new RandomState(0)
const blurred = (x: Tensor): Tensor => x.add(random.normal(0, 0.01, [40]))
const [trueE, trueStart] = [0.6, 0.4]
const [seenX, seenY] = orbit(tensor(trueE, float64), tensor(trueStart, float64)).map(blurred)

const e: Tensor = tensor(0.1, { ...float64, requiresGrad: true })
const start: Tensor = tensor(0, { ...float64, requiresGrad: true })
const optimizer = new Adam([e, start], { lr: 0.02 })
const steps = short ? 150 : 600
for (let step = 0; step <= steps; step++) {
  const [x, y] = orbit(e, start)
  const loss = x.sub(seenX).square().add(y.sub(seenY).square()).mean()
  if (step % 50 === 0) console.log(`Loss at step ${step}: ${loss.item()}`)
  optimizer.zeroGrad()
  loss.backward()
  optimizer.step()
}
console.log(`eccentricity (in truth ${trueE}): ${e.item().toFixed(4)}`)
console.log(`start (in truth ${trueStart}): ${start.item().toFixed(4)}`)

// %% [markdown]
// # Hares and lynxes: a differential equation fitted to counts
//
// What this teaches: gradients flow through any program made of tensor operations, even through a
// solver of differential equations. So the unknown numbers in an equation can be found from what was
// measured. It also shows what `checkpoint` is for, and what `jacobian` knows about errors.
//
// The equations are those of A. Lotka and V. Volterra. Hares multiply, unless lynxes eat them;
// lynxes die out, unless they find hares. Where H₀ hares feed exactly L₀ lynxes, nothing changes.
// Elsewhere
//
// H′ = a·H·(1 − L/L₀) and L′ = −b·L·(1 − H/H₀).

// %%
import {
  cat,
  checkpoint,
  eye,
  gradients,
  jacobian,
  noGrad,
  RandomState,
  stack,
  sub,
  tensor,
  type Tensor,
} from '@gradtape/core'
import { Adam } from '@gradtape/optim'
import { readArguments } from './src/arguments.ts'
import { bytesHeld } from './src/bytes-held.ts'
import { saveFit } from './src/ode-fit-plot.ts'
import { outputPath, shownPath } from './src/output.ts'
import { progress } from './src/progress.ts'
import { solve } from './src/solve.ts'

const { short } = readArguments()
const dtype = 'float64'

// %% [markdown]
// All that is unknown stands in one tensor θ of six rows: a and b, H₀ and L₀, and the first H and L.
// It holds their logarithms, and the solver works with the logarithms of H and L, so that nothing
// can become negative: (log H)′ = a·(1 − L/L₀).
//
// Each column of θ is another guess. The solver treats them all at once.

// %%
const names = ['a', 'b', 'H₀', 'L₀', 'first H', 'first L']

interface Law {
  /** `[2, guesses]`: a and −b. */
  readonly pace: Tensor
  /** `[2, guesses]`: the logarithms of H₀ and L₀. */
  readonly balance: Tensor
}

const signs = tensor([[1], [-1]], { dtype })

/** How fast the logarithms of H and L change. */
function slope({ pace, balance }: Law, state: Tensor): Tensor {
  return pace.mul(sub(1, state.sub(balance).exp().flip(0)))
}

/** One step of the classical Runge–Kutta method, whose error is of the order of h⁴. */
function rungeKutta(law: Law, state: Tensor, h: number): Tensor {
  const k1 = slope(law, state)
  const k2 = slope(law, state.add(k1.mul(h / 2)))
  const k3 = slope(law, state.add(k2.mul(h / 2)))
  const k4 = slope(law, state.add(k3.mul(h)))
  const slopeOfStep = k1.add(k2.mul(2)).add(k3.mul(2)).add(k4).div(6)
  return state.add(slopeOfStep.mul(h))
}

// %% [markdown]
// The solver takes a few small steps from one count to the next. To go backward, the tape would keep
// what all these steps computed. `checkpoint` keeps only the state at each count; the backward pass
// takes the small steps in between once more, one piece at a time.

// %%
const years = 24
const stepsPerYear = short ? 4 : 8

interface TrajectoryOptions {
  /** At how many evenly spaced times in a year the state is returned. Default: 2. */
  readonly perYear?: number
  /** Default: true. */
  readonly withCheckpoints?: boolean
}

/** The logarithms of H and L, `[times, 2, guesses]`. */
function trajectory(
  theta: Tensor,
  { perYear = 2, withCheckpoints = true }: TrajectoryOptions = {},
): Tensor {
  const [logPace, balance, start] = theta.split(2)
  const law: Law = { pace: logPace.exp().mul(signs), balance }
  const steps = stepsPerYear / perYear
  const piece = (at: Law, from: Tensor): Tensor => {
    let state = from
    for (let step = 0; step < steps; step++) state = rungeKutta(at, state, 1 / stepsPerYear)
    return state
  }
  const states = [start]
  for (let i = 0; i < years * perYear; i++) {
    const from = states[i]
    states.push(withCheckpoints ? checkpoint(piece, law, from) : piece(law, from))
  }
  return stack(states)
}

// %% [markdown]
// ## The counts
//
// Twice a year for 24 years, hares and lynxes were counted, in thousands. Each count is wrong by
// some 15 %. In truth these counts are made up; so we know what ought to be found.

// %%
const random = new RandomState(1)
const truth = tensor([0.9, 0.5, 35, 30, 30, 10], { dtype }).log()
const exact = noGrad(() => trajectory(truth.unsqueeze(1)))
const counted = exact.add(random.normal(0, 0.15, [...exact.shape]))
console.log(`${counted.numel} counts of hares and lynxes in ${years} years`)

// %% [markdown]
// ## Many guesses at once
//
// A wrong guess makes the populations swing too fast or too slow. Then the peaks of the later years
// fall where the counts have valleys, no small change mends that, and the fit is stuck. So we start
// from many guesses. They lie in the columns of θ and don't influence one another: one backward pass
// from the sum of their losses gives each its own gradient.

// %%
const guesses = short ? 24 : 128
const theta: Tensor = cat([
  random.uniform(Math.log(0.3), Math.log(1.5), [2, guesses]),
  counted.mean(0).add(random.normal(0, 0.5, [2, guesses])),
  counted.at(0).expand([2, guesses]),
]).requiresGrad_()

/** The mean squared residual of each guess, `[guesses]`. */
function lossesAt(at: Tensor, options?: TrajectoryOptions): Tensor {
  return trajectory(at, options).sub(counted).square().mean([0, 1])
}

// %% [markdown]
// What do the checkpoints save? The gradients are the same to the last digit. When the forward pass is
// over, the tape holds the states at the counts, and no longer every value in between.
//
// Its notes of which operation followed which come on top, with checkpoints or without. For a
// single guess, where each value is two numbers, they outweigh the values: then there is nothing to
// be saved.

// %%
function gradientAndBytes(withCheckpoints: boolean): { gradient: Tensor; bytes: number } {
  const before = bytesHeld()
  const loss = lossesAt(theta, { withCheckpoints }).sum()
  const bytes = bytesHeld() - before
  return { gradient: gradients(loss, theta)[0], bytes }
}

const [all, some] = [false, true].map(gradientAndBytes)
const apart = all.gradient.sub(some.gradient).abs().max().item()
console.log(`Values held by the tape, without checkpoints, in kB: ${Math.round(all.bytes / 1000)}`)
console.log(`Values held by the tape, with checkpoints, in kB: ${Math.round(some.bytes / 1000)}`)
console.log(`Their gradients differ by at most: ${apart}`)

// %%
const firstTheta = theta.detach().clone()
const optimizer = new Adam([theta], { lr: 0.05 })
const steps = short ? 60 : 120
const bar = progress('step', steps, 20)
for (let step = 1; step <= steps; step++) {
  optimizer.zeroGrad()
  const losses = lossesAt(theta)
  losses.sum().backward()
  optimizer.step()
  const [least, median] = [losses.min(), losses.median()].map((loss) => loss.item().toFixed(4))
  bar.update(step, `least loss ${least}, median ${median}`)
}
bar.stop()

// %% [markdown]
// Which guesses arrived? We go on with the one of them that had farthest to go.

// %%
const [before, after] = [firstTheta, theta].map((at) => noGrad(() => lossesAt(at)))
const arrived = after.lt(after.min().mul(1.2))
const chosen = before.mul(arrived).argmax().item()
console.log(`Guesses that arrived: ${arrived.sum().item()} of ${guesses}`)

// %% [markdown]
// ## How sure is it?
//
// Take what is left, the residuals r, and their Jacobian J: how each residual changes with each of
// the six numbers. Few numbers and many residuals make forward mode the cheap one. If the residuals
// were linear in θ, the best θ would be one step −(JᵀJ)⁻¹Jᵀr away. They nearly are, so close to the
// goal, and a few such steps (the method is Gauss's) make the fit exact.
//
// The same matrix tells how far to trust it. With counts of variance σ², the fit scatters around the
// truth with the covariance σ²(JᵀJ)⁻¹. Since θ holds logarithms, these errors are relative.

// %%
const residuals = (at: Tensor): Tensor => trajectory(at.unsqueeze(1)).sub(counted).flatten()
const jacobianOfResiduals = jacobian(residuals, { mode: 'forward' })

let fit: Tensor = theta.detach().at('...', chosen)
for (let step = 0; step < 5; step++) {
  const J = jacobianOfResiduals(fit)
  fit = fit.sub(solve(J.T.matmul(J), J.T.matmul(residuals(fit))))
}

const J = jacobianOfResiduals(fit)
const variance = residuals(fit).square().sum().item() / (counted.numel - names.length)
const covariance = solve(J.T.matmul(J), eye(names.length, { dtype })).mul(variance)
const errors = covariance.diagonal().sqrt()
console.log(`Error of a count, as found: ${(100 * Math.sqrt(variance)).toFixed(1)} %`)

// %% [markdown]
// All six are found within about their errors. (A fit is off by more than two errors once in twenty.)

// %%
const row = (name: string, cells: readonly string[]): string =>
  name.padEnd(8) + cells.map((cell) => cell.padStart(8)).join('')
console.log(`\n${row('', ['guess', 'fit', 'error', 'truth'])}   off by`)
names.forEach((name, i) => {
  const [guess, found, right] = [firstTheta.at(i, chosen), fit.at(i), truth.at(i)].map((log) =>
    log.item(),
  )
  const error = errors.at(i).item()
  const [first, last, goal] = [guess, found, right].map((log) => Math.exp(log).toPrecision(3))
  const off = (Math.abs(found - right) / error).toFixed(1)
  console.log(`${row(name, [first, last, `${(100 * error).toFixed(1)} %`, goal])}   ${off} errors`)
})

// %%
type Populations = [hares: number, lynxes: number][]
const populations = (logs: Tensor): Populations => logs.exp().squeeze(2).toArray() as Populations
const curve = (at: Tensor): Populations =>
  populations(trajectory(at.unsqueeze(1), { perYear: stepsPerYear }))

const picture = await outputPath('ode-fit.svg')
await saveFit(picture, {
  counted: populations(counted),
  guess: curve(firstTheta.at('...', chosen)),
  fit: curve(fit),
  years,
})
console.log(`\nThe counts and the fit: ${shownPath(picture)}`)

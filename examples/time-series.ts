// %% [markdown]
// # Forecasting a series
//
// What this teaches: a recurrent network that reads a series and says how it goes on, and how one finds
// out whether that is any good. A forecast is worth as much as it is better than simple ones, at times
// that it has not seen.
//
// The series is that of Mackey and Glass: the number of white cells in the blood of someone whose body
// answers to it too late. Its equation stands in `src/mackey-glass.ts`. It is chaotic: it swings in about
// 50 days, but no two swings are alike.

// %%
import { cat, manualSeed, noGrad, ones, stack, tensor, type Tensor } from '@gradtape/core'
import { DataLoader, TensorDataset } from '@gradtape/data'
import { Dense, functional as F, LSTM, Module } from '@gradtape/nn'
import { Adam, clipGradNorm, CosineAnnealingLR } from '@gradtape/optim'
import { readArguments } from './src/arguments.ts'
import { saveErrors, saveForecasts } from './src/forecast-plot.ts'
import { mackeyGlass } from './src/mackey-glass.ts'
import { outputPath, shownPath } from './src/output.ts'
import { progress } from './src/progress.ts'
import { solve } from './src/solve.ts'

const { short, numbers } = readArguments({ numbers: { seed: 0 } })
const epochs = short ? 8 : 30
/** How many values are seen, how many are foretold, and the days from one to the next. */
const [past, ahead, step] = [40, 24, 3]

// %% [markdown]
// Three quarters of 2,000 values are learned from. The last quarter is held out, because in use the
// future is what one doesn't have: a random part would lie between values that were seen. Mean and
// deviation, too, are those of the first part alone.

// %%
const values: Tensor = tensor(mackeyGlass(2000, step), { dtype: 'float64' })
const known = values.narrow(0, 0, 1500)
const series = values.sub(known.mean()).div(known.std())

/** Each row of the first is what was seen, and the same row of the second what came then. */
function windowsOf(part: Tensor): [seen: Tensor, future: Tensor] {
  const count = part.numel - past - ahead + 1
  const rows = stack(Array.from({ length: count }, (_, i) => part.narrow(0, i, past + ahead)))
  return [rows.narrow(1, 0, past), rows.narrow(1, past, ahead)]
}

const [xTrain, yTrain] = windowsOf(series.narrow(0, 0, 1500))
const [xTest, yTest] = windowsOf(series.narrow(0, 1500, 500))
console.log(`${xTrain.size(0)} windows to learn from, ${xTest.size(0)} held out`)
console.log(`from ${past * step} days, the next ${ahead * step} are foretold`)

// %% [markdown]
// ## Three simple forecasts
//
// - _Last value_: all stays as it is.
// - _Seasonal_: all comes again after a fixed time, of all those possible the one that is best for the
//   part that is learned from.
// - _Linear_: each value to come is a weighted sum of all that were seen, and a constant. The weights
//   with the least squared error are found by solving linear equations, so no better ones exist.
//
// Errors are root mean squares, in deviations of the series: always foretelling the mean gives about 1.

// %%
function errorOf(forecast: Tensor, truth: Tensor): number {
  return forecast.sub(truth).square().mean().sqrt().item()
}

function lastValue(x: Tensor): Tensor {
  return x.narrow(1, past - 1, 1).expand([x.size(0), ahead])
}

function seasonal(x: Tensor, period: number): Tensor {
  const again = new Array<Tensor>(Math.ceil(ahead / period)).fill(
    x.narrow(1, past - period, period),
  )
  return cat(again, 1).narrow(1, 0, ahead)
}

const periods = Array.from({ length: past }, (_, i) => i + 1)
const errors = periods.map((period) => errorOf(seasonal(xTrain, period), yTrain))
const period = periods[errors.indexOf(Math.min(...errors))]

const withOne = (x: Tensor): Tensor => cat([x, ones([x.size(0), 1], { dtype: 'float64' })], 1)
const X = withOne(xTrain)
const weights = solve(X.T.matmul(X), X.T.matmul(yTrain))

// %% [markdown]
// ## The network
//
// An LSTM reads the values one after another. What it remembers at the end, 48 numbers, a `Dense` layer
// turns into all 24 forecasts at once.

// %%
class Forecaster extends Module {
  readonly lstm = new LSTM(1, 48, { batchFirst: true })
  readonly head = new Dense(48, ahead)

  /** `[batch, past]` becomes `[batch, ahead]`. */
  forward(x: Tensor): Tensor {
    const [, [hidden]] = this.lstm.forward(x.unsqueeze(2))
    return this.head.forward(hidden.at(-1))
  }
}

manualSeed(numbers.seed)
const model = new Forecaster()
const optimizer = new Adam(model.parameters(), { lr: 5e-3 })
const schedule = new CosineAnnealingLR(optimizer, { tMax: epochs, etaMin: 1e-4 })

function foretell(x: Tensor): Tensor {
  return noGrad(() => model.forward(x.to('float32'))).to('float64')
}

// %% [markdown]
// A gradient that has passed through 40 steps of time can be very long; it is cut to 1.

// %%
const windows = new TensorDataset(xTrain.to('float32'), yTrain.to('float32'))
const loader = new DataLoader(windows, { batchSize: 32, shuffle: true })
const bar = progress('epoch', epochs, 5)
for (let epoch = 1; epoch <= epochs; epoch++) {
  let sum = 0
  for (const [x, y] of loader) {
    optimizer.zeroGrad()
    const loss = F.mseLoss(model.forward(x), y)
    loss.backward()
    clipGradNorm(model.parameters(), 1)
    optimizer.step()
    sum += loss.item()
  }
  schedule.step()
  bar.update(epoch, `error ${Math.sqrt(sum / loader.length).toFixed(3)}`)
}
bar.stop()

// %% [markdown]
// ## How good is it?
//
// All four foretell the same 437 windows, which none of them has seen.

// %%
const methods = [
  { name: 'last value', colour: '#a1a1aa', forecast: lastValue(xTest) },
  { name: 'seasonal', colour: '#15803d', forecast: seasonal(xTest, period) },
  { name: 'linear', colour: '#1d4ed8', forecast: withOne(xTest).matmul(weights) },
  { name: 'LSTM', colour: '#c2410c', forecast: foretell(xTest) },
]
console.log(`\nthe best period, in days: ${period * step}`)
for (const { name, forecast } of methods) {
  console.log(`error held out, ${name}: ${errorOf(forecast, yTest).toFixed(3)}`)
}

// %% [markdown]
// The linear forecast is good for a few days. But the equation is not linear: what comes of a high value
// is not twice what comes of one half as high. That is what the network has learned. Its error is a tenth
// of the linear one's, and hardly grows with the time: 72 days are too short for the chaos to show. A
// series that was measured would have noise, which nobody can foretell, and the four would be closer.

// %%
const rowOf = (table: Tensor, i: number): number[] => table.at(i).toArray() as number[]
const stretches = [60, 200, 340].map((i) => ({
  past: rowOf(xTest, i),
  future: rowOf(yTest, i),
  forecasts: methods.slice(2).map(({ name, colour, forecast }) => ({
    name,
    colour,
    values: rowOf(forecast, i),
  })),
}))
const forecasts = await outputPath('time-series-forecasts.svg')
await saveForecasts(forecasts, { title: 'Three forecasts, and what came', step, stretches })

const byTime = methods.map(({ name, colour, forecast }) => ({
  name,
  colour,
  values: forecast.sub(yTest).square().mean(0).sqrt().toArray() as number[],
}))
const growth = await outputPath('time-series-errors.svg')
await saveErrors(growth, { title: 'How far ahead one can see', step, errors: byTime })
console.log(`\nThe forecasts:  ${shownPath(forecasts)}`)
console.log(`The errors:     ${shownPath(growth)}`)

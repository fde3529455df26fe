import {
  asCall,
  cat,
  host,
  isTensor,
  notice,
  ShapeError,
  stack,
  ValueError,
  zeros,
  type RandomGenerator,
  type Shape,
  type Tensor,
} from '@gradtape/core'
import { checkFloat, sameShape } from '../functional/checks.ts'
import { checkProbability, dropout } from '../functional/dropout.ts'
import { linear } from '../functional/linear.ts'
import { Module } from '../module/module.ts'
import type { Parameter } from '../module/parameter.ts'
import { checkFlag, checkNames, checkSize, type ParameterStart } from '../options.ts'
import { showShape } from '../show-shape.ts'
import { uniformParameter } from './uniform-parameter.ts'

export interface RecurrentOptions extends ParameterStart {
  /** How many layers stand on each other; 1 unless given. */
  readonly numLayers?: number
  /** Whether biases are added; true unless given. */
  readonly bias?: boolean
  /** Whether the batch is the first dimension, and time the second; false unless given. */
  readonly batchFirst?: boolean
  /** How likely an element of the output of each layer but the last is dropped; 0 unless given. */
  readonly dropout?: number
  /** Whether each layer also runs from the last time to the first; false unless given. */
  readonly bidirectional?: boolean
  /** Where initial values and dropout come from; the default generator unless given. */
  readonly generator?: RandomGenerator
}

/** What a subclass says of itself. */
interface Sizes {
  /** What a row of the weights consists of: hidden sizes, one for each gate. */
  readonly gates: number
  /** The size of the output, where it is projected to another than the hidden size. */
  readonly projSize?: number
  /** The names of options of its own. */
  readonly own?: readonly string[]
}

/** The parameters of one layer in one direction. */
export interface CellWeights {
  readonly weightIh: Parameter
  readonly weightHh: Parameter
  readonly biasIh?: Parameter
  readonly biasHh?: Parameter
  /** The projection of the output, if there is one. */
  readonly weightHr?: Parameter
}

/** One layer in one direction. */
export interface Cell {
  /** What is added to the inputs of all times at once. */
  readonly bias: Tensor | null
  /** Makes the states at a time of what the input brings and the states before; the first is the output. */
  step(input: Tensor, states: readonly Tensor[]): Tensor[]
}

const optionNames = [
  'numLayers',
  'bias',
  'batchFirst',
  'dropout',
  'bidirectional',
  'dtype',
  'generator',
] as const
const suffixes = ['', 'Reverse'] as const

/**
 * What recurrent layers have in common: layers on layers, both directions, and the walk through time.
 * The input's part is computed for all times as one product; each step adds what depends on the state.
 */
export abstract class Recurrent extends Module {
  /** Of each layer and direction: `weightIhL0`, `weightHhL0`, `weightIhL0Reverse`, `weightIhL1`, …. */
  readonly [weight: `weight${'Ih' | 'Hh' | 'Hr'}L${string}`]: Parameter
  /** Likewise, where there are biases: `biasIhL0`, `biasHhL0`, …. */
  readonly [bias: `bias${'Ih' | 'Hh'}L${string}`]: Parameter | undefined

  readonly inputSize: number
  readonly hiddenSize: number
  readonly numLayers: number
  readonly batchFirst: boolean
  readonly dropout: number
  readonly bidirectional: boolean
  readonly generator: RandomGenerator | undefined

  constructor(
    inputSize: number,
    hiddenSize: number,
    options: RecurrentOptions,
    { gates, projSize, own = [] }: Sizes,
  ) {
    super()
    const { name } = this.constructor
    checkNames(name, options, [...optionNames, ...own] as never)
    const { numLayers = 1, bias = true, batchFirst = false, bidirectional = false } = options
    checkSize(name, 'inputSize', inputSize, 1)
    checkSize(name, 'hiddenSize', hiddenSize, 1)
    checkSize(name, 'numLayers', numLayers, 1)
    for (const [what, flag] of Object.entries({ bias, batchFirst, bidirectional })) {
      checkFlag(name, what, flag)
    }
    this.inputSize = inputSize
    this.hiddenSize = hiddenSize
    this.numLayers = numLayers
    this.batchFirst = batchFirst
    this.dropout = checkProbability(name, options.dropout ?? 0, 'dropout')
    this.bidirectional = bidirectional
    this.generator = options.generator
    if (this.dropout > 0 && numLayers === 1) {
      notice(
        'one layer',
        () =>
          `the dropout of ${name} acts between its layers, and has no effect on one of them; give numLayers, or put a Dropout behind it`,
      )
    }
    const start = (...shape: number[]): Parameter => uniformParameter(shape, hiddenSize, options)
    const fields = this as unknown as Record<string, Parameter>
    const outputSize = projSize ?? hiddenSize
    for (let layer = 0; layer < numLayers; layer++) {
      const size = layer === 0 ? inputSize : outputSize * (bidirectional ? 2 : 1)
      for (const suffix of suffixes.slice(0, bidirectional ? 2 : 1)) {
        const at = `L${layer}${suffix}`
        fields[`weightIh${at}`] = start(gates * hiddenSize, size)
        fields[`weightHh${at}`] = start(gates * hiddenSize, outputSize)
        if (bias) {
          fields[`biasIh${at}`] = start(gates * hiddenSize)
          fields[`biasHh${at}`] = start(gates * hiddenSize)
        }
        if (projSize !== undefined) fields[`weightHr${at}`] = start(projSize, hiddenSize)
      }
    }
  }

  /** The cell of these weights. */
  protected abstract cell(weights: CellWeights): Cell

  /**
   * Runs all layers over a sequence, from states of these sizes: zeros unless given. Gives the output
   * of the last layer and the last states of all, as they stand in PyTorch.
   */
  protected run(
    x: Tensor,
    initial: readonly unknown[] | undefined,
    stateSizes: readonly number[],
  ): [output: Tensor, states: Tensor[]] {
    const { name } = this.constructor
    const unbatched = this.#checkInput(x)
    // The batch of one that a single sequence is, behind time.
    const batchFirst = this.batchFirst && !unbatched
    const [time, batch] = batchFirst ? [1, 0] : [0, 1]
    const rows = unbatched ? [] : [x.shape[batch]!]
    const count = this.numLayers * (this.bidirectional ? 2 : 1)
    const shapes = stateSizes.map((size) => [count, ...rows, size])
    initial?.forEach((state, i) => this.#checkState(i, state, shapes[i]!))
    return asCall(name, () => {
      const input: Tensor = unbatched ? x.unsqueeze(1) : x
      const first = shapes.map((shape, i) => this.#states(initial?.[i] as Tensor, shape, x))
      const starts = first.map((states): Tensor[] =>
        states.unbind(0).map((state) => (unbatched ? state.unsqueeze(0) : state)),
      )
      const [output, ends] = this.#layers(input, starts, time)
      const last = ends.map((states) => stack(states) as Tensor)
      if (!unbatched) return [output, last]
      return [output.squeeze(1), last.map((states) => states.squeeze(1))]
    })
  }

  #states(given: Tensor | undefined, shape: Shape, x: Tensor): Tensor {
    return given ?? zeros(shape, { dtype: x.dtype === 'float64' ? 'float64' : 'float32' })
  }

  /** The output of the last layer, and the last states of each kind, by layer and direction. */
  #layers(
    x: Tensor,
    starts: readonly Tensor[][],
    time: number,
  ): [output: Tensor, ends: Tensor[][]] {
    const ends: Tensor[][] = starts.map(() => [])
    let output = x
    let place = 0
    for (let layer = 0; layer < this.numLayers; layer++) {
      const sides: Tensor[] = []
      for (const suffix of suffixes.slice(0, this.bidirectional ? 2 : 1)) {
        const states = starts.map((kind) => kind[place]!)
        const weights = this.#weightsOf(`L${layer}${suffix}`)
        const [side, last] = this.#walk(weights, output, states, time, suffix === 'Reverse')
        sides.push(side)
        last.forEach((state, kind) => ends[kind]!.push(state))
        place++
      }
      output = sides.length === 1 ? sides[0]! : cat(sides, -1)
      if (this.dropout > 0 && layer < this.numLayers - 1) {
        const training = host(this, 'training')
        output = dropout(output, { p: this.dropout, training, generator: this.generator })
      }
    }
    return [output, ends]
  }

  /** One layer in one direction: its outputs at all times, and its last states. */
  #walk(
    weights: CellWeights,
    x: Tensor,
    states: readonly Tensor[],
    time: number,
    reversed: boolean,
  ): [output: Tensor, states: readonly Tensor[]] {
    const cell = this.cell(weights)
    const inputs: Tensor[] = linear(x, weights.weightIh, cell.bias).unbind(time)
    const outputs = new Array<Tensor>(inputs.length)
    for (let i = 0; i < inputs.length; i++) {
      const t = reversed ? inputs.length - 1 - i : i
      states = cell.step(inputs[t]!, states)
      outputs[t] = states[0]!
    }
    return [stack(outputs, time), states]
  }

  #weightsOf(at: string): CellWeights {
    const fields = this as unknown as Record<string, Parameter>
    return {
      weightIh: fields[`weightIh${at}`]!,
      weightHh: fields[`weightHh${at}`]!,
      biasIh: fields[`biasIh${at}`],
      biasHh: fields[`biasHh${at}`],
      weightHr: fields[`weightHr${at}`],
    }
  }

  /** Whether the input has no batch. */
  #checkInput(x: unknown): boolean {
    const { name } = this.constructor
    const { shape, ndim } = checkFloat(name, 'input', x)
    const order = this.batchFirst ? '[batch, time' : '[time, batch'
    if ((ndim !== 2 && ndim !== 3) || shape.at(-1) !== this.inputSize) {
      throw new ShapeError(
        `${name}: expected an input ${order}, ${this.inputSize}], or [time, ${this.inputSize}] of one sequence, got shape ${showShape(shape)}`,
      )
    }
    if (shape[this.batchFirst && ndim === 3 ? 1 : 0] === 0) {
      throw new ShapeError(
        `${name}: expected a sequence of at least one time, got shape ${showShape(shape)}`,
      )
    }
    return ndim === 2
  }

  #checkState(kind: number, state: unknown, shape: Shape): void {
    const { name } = this.constructor
    const what = `initial ${kind === 0 ? 'hidden' : 'cell'} state`
    const own = checkFloat(name, what, state).shape
    if (sameShape(own, shape)) return
    throw new ShapeError(
      `${name}: expected an ${what} of shape ${showShape(shape)}, [layers · directions, ${shape.length === 3 ? 'batch, ' : ''}size], got ${showShape(own)}`,
    )
  }

  override extraRepr(): string {
    const { inputSize, hiddenSize, numLayers, batchFirst, bidirectional } = this
    const options = { numLayers, batchFirst, dropout: this.dropout, bidirectional }
    const unusual = Object.entries(options).filter(([, x]) => x !== false && x !== 0 && x !== 1)
    if (this.parameters().length > 0 && this['biasIhL0'] === undefined)
      unusual.push(['bias', false])
    return [`${inputSize}, ${hiddenSize}`, ...unusual.map(([key, x]) => `${key}=${x}`)].join(', ')
  }
}

/** The hidden state and, of an LSTM, the cell's, as they are given. */
export function checkStates(name: string, states: unknown, count: number): void {
  if (states === undefined) return
  if (count === 1 ? isTensor(states) : Array.isArray(states) && states.length === count) return
  throw new ValueError(
    `${name}: expected ${count === 1 ? 'a tensor' : '[h, c]'} as the initial ${count === 1 ? 'state' : 'states'}, got ${Array.isArray(states) ? `an array of ${states.length}` : isTensor(states) ? 'a tensor' : String(states)}`,
  )
}

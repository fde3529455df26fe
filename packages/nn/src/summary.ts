import {
  hostUpdate,
  isTensor,
  noGrad,
  ValueError,
  zeros,
  type DType,
  type Shape,
  type Tensor,
} from '@gradtape/core'
import { isModule } from './module/brand.ts'
import type { Module } from './module/module.ts'
import { namedMembers } from './module/tree.ts'
import { checkNames, checkSize } from './options.ts'
import { tableOf } from './summary-table.ts'

export interface SummaryOptions {
  /**
   * Of the inputs, or a list of one for each: integers for an Embedding. Unless given that of the
   * model's first parameter, or the default float dtype.
   */
  readonly dtype?: DType | readonly DType[]
}

/** A module of the model. What it has is counted without what modules within it have. */
export interface SummaryRow {
  /** Its name in the module that holds it; that of the model is ''. */
  readonly name: string
  /** The name of its class. */
  readonly type: string
  /** How many modules hold it, one within the other. */
  readonly depth: number
  /** The shapes of the tensors that it gave at its first call; null when it was not called. */
  readonly outputShapes: readonly Shape[] | null
  /** How many numbers its parameters have; one that is shared counts at its first place only. */
  readonly parameters: number
  /** Those of parameters that require gradients. */
  readonly trainable: number
  /** The memory of the parameters. */
  readonly bytes: number
}

/** What a model consists of; prints as a table. */
export interface Summary {
  /** The modules, outer before inner; one that stands in several places, at the first. */
  readonly rows: readonly SummaryRow[]
  readonly parameters: number
  readonly trainable: number
  readonly bytes: number
  toString(): string
}

/**
 * The modules of a model, with the shapes they give for an input of zeros, and their parameters. The
 * model is run in evaluation, without gradients, and is left as it was, also when it throws: training
 * flags, parameters and buffers. Hooks that are registered run, as in any call.
 *
 * @param inputShape the shape of the input, or a list of shapes for several.
 * @throws {ValueError} when the model is no module, or a shape is none.
 *
 * @example
 * ```ts
 * import { Dense, Sequential, summary, Tanh } from '@gradtape/nn'
 *
 * const model = new Sequential(new Dense(2, 16), new Tanh(), new Dense(16, 1))
 * console.log(summary(model, [32, 2]))
 * // → Layer       Output shape  Parameters  Trainable  Bytes
 * //   Sequential  [32, 1]                0          0      0
 * //     0: Dense  [32, 16]              48         48    192
 * //     1: Tanh   [32, 16]               0          0      0
 * //     2: Dense  [32, 1]               17         17     68
 * //   Total                             65         65    260
 * ```
 */
export function summary(
  model: Module,
  inputShape: Shape | readonly Shape[],
  options: SummaryOptions = {},
): Summary {
  if (!isModule(model)) {
    throw new ValueError(`summary: expected a module as the model, got ${typeof model}`)
  }
  const inputs = inputsOf(model, inputShape, checkNames('summary', options, ['dtype']).dtype)
  const outputs = new Map<Module, Shape[]>()
  const restore = [unchanged(model), watched(model, outputs)]
  try {
    noGrad(() => {
      model.eval()
      model.forward(...inputs)
    })
  } finally {
    for (const undo of restore) undo()
  }
  const rows = rowsOf(model, outputs)
  const total = (key: 'parameters' | 'trainable' | 'bytes'): number =>
    rows.reduce((sum, row) => sum + row[key], 0)
  const found: Summary = {
    rows,
    parameters: total('parameters'),
    trainable: total('trainable'),
    bytes: total('bytes'),
  }
  const toString = (): string => tableOf(found)
  Object.defineProperty(found, 'toString', { value: toString })
  return Object.defineProperty(found, Symbol.for('nodejs.util.inspect.custom'), { value: toString })
}

/** Zeros of the shapes. */
function inputsOf(
  model: Module,
  inputShape: Shape | readonly Shape[],
  dtype: SummaryOptions['dtype'],
): Tensor[] {
  if (!Array.isArray(inputShape)) {
    throw new ValueError(
      `summary: expected the shape of the input, such as [32, 2], got ${String(inputShape)}`,
    )
  }
  const several = inputShape.length > 0 && inputShape.every((one) => Array.isArray(one))
  const shapes = (several ? inputShape : [inputShape]) as readonly Shape[]
  for (const size of shapes.flat()) checkSize('summary', 'each size of an input', size, 0)
  const dtypes = Array.isArray(dtype) ? (dtype as readonly DType[]) : shapes.map(() => dtype)
  if (dtypes.length !== shapes.length) {
    throw new ValueError(`summary: got ${dtypes.length} dtypes for ${shapes.length} inputs`)
  }
  const own = model.parameters()[0]?.dtype
  return shapes.map((shape, i) => zeros([...shape], { dtype: (dtypes[i] ?? own) as DType }))
}

/** Gives a model back its training flags, parameters and buffers. */
function unchanged(model: Module): () => void {
  const flags = model.modules().map((module) => [module, module.training] as const)
  const state = namedMembers(model, 'parameter', 'buffer').map(([, { holder, key, value }]) => {
    return { holder, key, value, copy: value.detach().clone() as Tensor }
  })
  return () => {
    for (const [module, training] of flags) hostUpdate(module, 'training', () => training)
    for (const { holder, key, value, copy } of state) {
      if (holder[key] !== value) holder[key] = value
      // What stands there still is not written again: a tape may wait for it.
      const before = copy.data as ArrayLike<unknown>
      const changed = Array.prototype.some.call(value.data, (x, i) => !Object.is(x, before[i]))
      if (changed) noGrad(() => value.copy_(copy))
    }
  }
}

/** Notes the shapes that each module gives first, until that is undone. */
function watched(model: Module, outputs: Map<Module, Shape[]>): () => void {
  const undo = model.modules().map((module) => {
    const before = Object.getOwnPropertyDescriptor(module, 'forward')
    const { forward } = module
    const watching = (...inputs: unknown[]): unknown => {
      const output: unknown = forward.apply(module, inputs)
      if (!outputs.has(module)) outputs.set(module, shapesOf(output))
      return output
    }
    Object.defineProperty(module, 'forward', { value: watching, configurable: true })
    return () => {
      if (before === undefined) Reflect.deleteProperty(module, 'forward')
      else Object.defineProperty(module, 'forward', before)
    }
  })
  return () => {
    for (const one of undo) one()
  }
}

/** The shapes of all tensors in an output, nested as they may be. */
function shapesOf(output: unknown): Shape[] {
  if (isTensor(output)) return [output.shape]
  if (typeof output !== 'object' || output === null) return []
  return Object.values(output).flatMap(shapesOf)
}

/** How many bytes an element has, where that is not 4. */
const widths: Partial<Record<DType, number>> = {
  float64: 8,
  int64: 8,
  float16: 2,
  bfloat16: 2,
  uint8: 1,
  bool: 1,
}

function rowsOf(model: Module, outputs: ReadonlyMap<Module, readonly Shape[]>): SummaryRow[] {
  const rows: SummaryRow[] = []
  const counted = new Set<unknown>()
  const visit = (module: Module, name: string, depth: number): void => {
    if (counted.has(module)) return
    counted.add(module)
    const row = {
      name,
      type: module.constructor.name,
      depth,
      outputShapes: outputs.get(module) ?? null,
      parameters: 0,
      trainable: 0,
      bytes: 0,
    }
    rows.push(row)
    const members = module.ownMembers()
    for (const { kind, value } of members) {
      if (kind !== 'parameter' || counted.has(value)) continue
      counted.add(value)
      row.parameters += value.numel
      if (value.requiresGrad) row.trainable += value.numel
      row.bytes += value.numel * (widths[value.dtype] ?? 4)
    }
    for (const { kind, value, name: inner } of members) {
      if (kind === 'module') visit(value, inner, depth + 1)
    }
  }
  visit(model, '', 0)
  return rows
}

import {
  DTypeError,
  enableGrad,
  gradientOf,
  hostUpdate,
  isTensor,
  noGrad,
  notice,
  ShapeError,
  ValueError,
  type Synchronous,
  type Tensor,
} from '@gradtape/core'
import { checkOptions, complete, type OptionRules } from './options.ts'
import {
  checkParams,
  groupsOf,
  isGroup,
  type GroupOf,
  type ParamGroup,
  type Params,
} from './param-group.ts'
import {
  copyOptions,
  copyState,
  readStateDict,
  type OptimizerStateDict,
  type StateTable,
} from './state-dict.ts'

/** How many steps a parameter may be without a gradient at first. */
const LOOKING = 10

/** What an optimizer says of itself. */
export interface Definition<O, S> extends OptionRules<O> {
  readonly state: StateTable<S>
}

/** The options that every optimizer has. */
export interface CommonOptions {
  /** Learning rate, at least 0. */
  readonly lr?: number
}

/**
 * Changes parameters along their gradients. `O` are the options of a parameter group, `S` is what
 * is kept for each parameter between steps.
 */
export abstract class Optimizer<
  O extends CommonOptions = CommonOptions,
  S extends object = object,
> {
  /** The groups; their options may be changed between steps: `optimizer.paramGroups[0].lr = 0.1`. */
  readonly paramGroups: ParamGroup<O>[] = []
  /** What is kept for each parameter, from its first update on. */
  readonly state: Map<Tensor, S> = new Map()
  readonly #definition: Definition<O, S>
  readonly #reached = new Set<Tensor>()
  #steps = 0
  readonly #defaults: Required<O>

  /**
   * @throws {ValueError} when there are no parameters, one is no tensor or there twice, an option is
   * unknown or out of range.
   * @throws {GradientError} for a parameter that is no leaf or requires no gradients.
   */
  constructor(definition: Definition<O, S>, params: Params<O>, options: O) {
    const { name } = definition
    this.#definition = definition
    this.#defaults = complete(definition, options)
    for (const group of groupsOf(name, params)) this.addParamGroup(group)
    if (this.paramGroups.every((group) => group.params.length === 0)) {
      throw new ValueError(
        `${name}: there are no parameters to optimize; pass model.parameters() of a model that has some`,
      )
    }
  }

  /** Writes the updates of one group; parameters without a gradient stay as they are. */
  protected abstract update(group: ParamGroup<O>): void

  /** Clears the gradients of all parameters: they become null. */
  zeroGrad(): void {
    for (const { params } of this.paramGroups) {
      for (const p of params) p.grad = null
    }
  }

  /**
   * Updates every parameter that has a gradient. A closure is called first, with gradients recorded:
   * it clears the gradients, computes the loss, calls `backward` and returns the loss.
   *
   * @returns what the closure returned.
   * @throws {ValueError | ShapeError | DTypeError} when an option was set out of its range or a
   * gradient to one that doesn't fit its parameter; no parameter has changed then.
   */
  step(): undefined
  step<R>(closure: (() => R) & Synchronous<R>): R
  step<R>(closure?: (() => R) & Synchronous<R>): R | undefined {
    const loss = closure && enableGrad(closure)
    for (const group of this.paramGroups) {
      checkOptions(this.#definition, group as unknown as Required<O>)
      for (const p of group.params) checkGradient(this.#definition.name, p)
    }
    if (this.#steps < LOOKING) this.#look()
    noGrad(this.#updateAll)
    return loss
  }

  /** In the first steps, finds parameters that get no gradient. */
  #look(): void {
    const params = this.paramGroups.flatMap((group) => group.params)
    for (const p of params) if (gradientOf(p) !== null) this.#reached.add(p)
    if (++this.#steps < LOOKING) return
    const never = params.flatMap((p, i) =>
      this.#reached.has(p) ? [] : [`${i}: [${p.shape.join(', ')}]`],
    )
    this.#reached.clear()
    if (never.length === 0 || never.length === params.length) return
    notice(
      'unreached',
      () =>
        `${this.#definition.name} has parameters that got no gradient in ${LOOKING} steps (${never.join('; ')}); ` +
        'use them in the forward pass, look for a detach() on the way, or leave them out',
    )
  }

  readonly #updateAll = (): void => {
    for (const group of this.paramGroups) this.update(group)
  }

  /**
   * Adds parameters, with options of their own where they are given.
   * @throws {ValueError | GradientError} as the constructor; nothing has changed then.
   */
  addParamGroup(group: GroupOf<O>): void {
    const { name } = this.#definition
    if (!isGroup(group)) {
      throw new ValueError(`${name}.addParamGroup: expected a group { params: […] }`)
    }
    const { params, ...options } = group
    const known = new Set(this.paramGroups.flatMap((other) => other.params))
    const own = complete(this.#definition, options as unknown as O, this.#defaults)
    const list = checkParams(name, params, known)
    this.paramGroups.push({ ...copyOptions(own), params: list } as ParamGroup<O>)
  }

  /** A copy of all options and of the state, parameters numbered through all groups. */
  stateDict(): OptimizerStateDict<O> {
    const state: Record<number, Record<string, number | Tensor>> = {}
    let next = 0
    const paramGroups = this.paramGroups.map(({ params, ...options }) => {
      const indices = params.map((p) => {
        const own = this.state.get(p)
        if (own !== undefined) state[next] = copyState(own, p)
        return next++
      })
      return { ...copyOptions(options), params: indices } as never
    })
    return { state, paramGroups }
  }

  /**
   * Takes over options and state from a state dict of the same optimizer for parameters of the same
   * shapes; tensors are copied and take the parameters' dtypes.
   * @throws {ValueError} when it doesn't fit; nothing has changed then.
   */
  loadStateDict(dict: OptimizerStateDict<O>): void {
    const params = this.paramGroups.map((group) => group.params)
    const loaded = readStateDict<O, S>(this.#definition, params, dict)
    loaded.groups.forEach((options, i) => {
      const group = this.paramGroups[i] as unknown as Required<O>
      for (const key in options) hostUpdate(group, key, () => options[key])
    })
    this.state.clear()
    for (const [p, state] of loaded.state) this.state.set(p, state)
  }
}

/** A gradient is the engine's, unless the user has set one. */
export function checkGradient(name: string, p: Tensor): void {
  const grad = gradientOf(p)
  if (grad === null) return
  if (!isTensor(grad)) {
    throw new ValueError(`${name}: grad must be a tensor or null, got ${String(grad)}`)
  }
  if (grad.dtype !== p.dtype) {
    throw new DTypeError(
      `${name}: a parameter of dtype ${p.dtype} has a gradient of dtype ${grad.dtype}; they must be equal`,
    )
  }
  const { shape } = p
  const own = grad.shape
  if (own.length !== shape.length || shape.some((size, d) => size !== own[d])) {
    throw new ShapeError(
      `${name}: a parameter of shape [${shape.join(', ')}] has a gradient of shape [${own.join(', ')}]; they must be equal`,
    )
  }
}

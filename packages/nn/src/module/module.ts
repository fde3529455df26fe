import { hostUpdate, isTensor, ValueError, type FloatDType, type Tensor } from '@gradtape/core'
import { brand } from './brand.ts'
import { convert } from './convert.ts'
import { addForwardHook, type ForwardHook, type HookHandle } from './hooks.ts'
import { membersOf, type Member } from './members.ts'
import type { Parameter } from './parameter.ts'
import { reprOf } from './repr.ts'
import {
  loadInto,
  stateDictOf,
  type LoadOptions,
  type LoadResult,
  type StateDict,
} from './state-dict.ts'
import { firstNames, namedMembers, namedModules } from './tree.ts'

export interface BufferOptions {
  /** Whether state dicts hold it; true unless given. */
  readonly persistent?: boolean
}

/**
 * A part of a network: parameters, other modules, and a `forward` that uses them.
 *
 * Parameters and modules are found in the own fields of a module, and in arrays and plain objects
 * there; not in `#private` fields. A tensor that is no {@link Parameter} is not found, unless it is
 * registered as a buffer.
 *
 * Names are PyTorch's: those of fields become snake case (`runningMean` is `running_mean`, `weightIhL0`
 * is `weight_ih_l0`), keys of plain objects stay as they are, places in arrays are numbers, and dots
 * join them: `layers.0.weight`.
 *
 * @example
 * ```ts
 * import { zeros, type Tensor } from '@gradtape/core'
 * import { Dense, Module } from '@gradtape/nn'
 *
 * class Net extends Module {
 *   readonly hidden = new Dense(2, 16)
 *   readonly out = new Dense(16, 1)
 *
 *   forward(x: Tensor): Tensor {
 *     return this.out.forward(this.hidden.forward(x).tanh())
 *   }
 * }
 * console.log(new Net().forward(zeros([5, 2])).shape) // → [ 5, 1 ]
 * ```
 */
export abstract class Module {
  /** Whether the module trains, which layers such as Dropout go by: see {@link train}, {@link eval}. */
  readonly training: boolean = true
  /** The fields that are buffers, and whether they persist. */
  readonly #buffers = new Map<string, boolean>()

  /** Computes the module's output. */
  abstract forward(...inputs: any[]): any

  /** The parameters of the module and of those within, each once: what an optimizer takes. */
  parameters(): Parameter[] {
    return this.namedParameters().map(([, parameter]) => parameter)
  }

  /** The same with their names; one that is shared has its first name. */
  namedParameters(): [name: string, parameter: Parameter][] {
    return firstNames(
      namedMembers(this, 'parameter').map(([name, { value }]) => [name, value] as const),
    )
  }

  /** The buffers of the module and of those within, each once. */
  buffers(): Tensor[] {
    return this.namedBuffers().map(([, buffer]) => buffer)
  }

  namedBuffers(): [name: string, buffer: Tensor][] {
    return firstNames(
      namedMembers(this, 'buffer').map(([name, { value }]) => [name, value] as const),
    )
  }

  /** The modules that this one holds itself, each once. */
  children(): Module[] {
    return this.namedChildren().map(([, module]) => module)
  }

  namedChildren(): [name: string, module: Module][] {
    return firstNames(
      this.ownMembers().flatMap((member) =>
        member.kind === 'module' ? [[member.name, member.value] as const] : [],
      ),
    )
  }

  /** This module and all within, each once, outer before inner. */
  modules(): Module[] {
    return this.namedModules().map(([, module]) => module)
  }

  /** The same with their names; this module's own is `''`. */
  namedModules(): [name: string, module: Module][] {
    return namedModules(this)
  }

  /** Makes this module and all within train, or not; returns this. */
  train(mode = true): this {
    if (typeof mode !== 'boolean') {
      throw new ValueError(`train: expected true or false, got ${String(mode)}`)
    }
    for (const module of this.modules()) hostUpdate(module, 'training', () => mode)
    return this
  }

  /** `train(false)`. */
  eval(): this {
    return this.train(false)
  }

  /** Sets the `grad` of every parameter to null. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = null
  }

  /** Calls `fn` with every module within, inner before outer, and at last with this; returns this. */
  apply(fn: (module: Module) => void): this {
    const visited = new Set<Module>()
    const visit = (module: Module): void => {
      if (visited.has(module)) return
      visited.add(module)
      for (const child of module.children()) visit(child)
      fn(module)
    }
    visit(this)
    return this
  }

  /**
   * Converts the float parameters and buffers of this module and of those within; returns this. A
   * tensor's memory never changes its dtype, so the fields get **new** parameters: optimizers, and
   * whatever else holds the old ones, are to be made afterwards. A parameter that has the dtype stays.
   *
   * @throws {DTypeError} unless `dtype` is `'float32'` or `'float64'`.
   */
  to(dtype: FloatDType): this {
    convert(this, dtype)
    return this
  }

  /** Switches the gradients of all parameters on or off; returns this. */
  requiresGrad_(requiresGrad = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad_(requiresGrad)
    return this
  }

  /**
   * Makes a tensor a buffer, state that is saved and converted but not learned, in the field `name`;
   * returns it, so that a field can be declared with it:
   * `readonly runningMean = this.registerBuffer('runningMean', zeros([3]))`. The field may be set to
   * another tensor later. null stands for a buffer that isn't there.
   *
   * @throws {ValueError} for a name that the module has already, or that is no field's name.
   */
  registerBuffer<T extends Tensor | null>(
    name: string,
    tensor: T,
    { persistent = true }: BufferOptions = {},
  ): T {
    const fields = this as unknown as Record<string, unknown>
    const fail = (reason: string): never => {
      throw new ValueError(`registerBuffer: ${reason}`)
    }
    if (name === '' || name.includes('.')) {
      fail(`'${name}' can't be the name of a field: it must not be empty nor hold a dot`)
    }
    if (fields[name] !== undefined) fail(`${this.constructor.name} has a member '${name}' already`)
    if (tensor !== null && !isTensor(tensor)) {
      fail(`expected a tensor or null as '${name}', got ${typeof tensor}`)
    }
    this.#buffers.set(name, persistent)
    fields[name] = tensor
    return tensor
  }

  /**
   * Calls `hook` after every `forward` of this instance, with the module, the inputs and the output;
   * what it returns, if anything, replaces the output. Hooks run in the order of registration.
   */
  registerForwardHook(hook: ForwardHook): HookHandle {
    return addForwardHook(this, hook)
  }

  /**
   * The parameters and persistent buffers by name, off the tape. They share memory with the module's:
   * `clone()` what is to outlast the next step. What is shared stands under each of its names.
   */
  stateDict(): StateDict {
    return stateDictOf(this)
  }

  /**
   * Copies the tensors of a state dict into the parameters and buffers of these names. With
   * `strict: false`, names on one side only are passed over; they are returned either way.
   *
   * @throws {ValueError} listing all that does not fit: names on one side only, shapes, dtypes.
   * Nothing is copied then.
   */
  loadStateDict(state: Readonly<StateDict>, options?: LoadOptions): LoadResult {
    return loadInto(this, state, options)
  }

  /** What stands between the parentheses where the module is printed. */
  extraRepr(): string {
    return ''
  }

  /** The module and those within, as PyTorch prints them. */
  toString(): string {
    return reprOf(this)
  }

  /** @internal What this module holds itself, not by way of another. */
  ownMembers(): Member[] {
    return membersOf(this, this.#buffers)
  }
}

Object.defineProperty(Module.prototype, brand, { value: true })
Object.defineProperty(Module.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: Module): string {
    return this.toString()
  },
})

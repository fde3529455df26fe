import { GradtapeError, ValueError } from '@gradtape/core'
import { isModule } from '../module/brand.ts'
import type { Member } from '../module/members.ts'
import { Module } from '../module/module.ts'

/**
 * Modules by name; the module that holds it decides how they are used. Names stay as they are in
 * listings and state dicts, and in order. A plain object in a field is found as well.
 *
 * @throws {ValueError} when something else than a module is put in, or under a name that is empty or
 * holds a dot.
 *
 * @example
 * ```ts
 * import { zeros } from '@gradtape/core'
 * import { Dense, ModuleDict } from '@gradtape/nn'
 *
 * const heads = new ModuleDict({ digit: new Dense(8, 10), parity: new Dense(8, 2) })
 * console.log(heads.get('digit').forward(zeros([5, 8])).shape) // → [ 5, 10 ]
 * console.log(Object.keys(heads.stateDict()).length) // → 4
 * ```
 */
export class ModuleDict<
  D extends Readonly<Record<string, Module>> = Record<string, Module>,
> extends Module {
  readonly #modules = new Map<string, Module>()

  constructor(modules: D = {} as D) {
    super()
    if (
      typeof modules !== 'object' ||
      modules === null ||
      Array.isArray(modules) ||
      isModule(modules)
    ) {
      throw new ValueError(
        'ModuleDict: expected an object of modules by name, such as { head: new Dense(8, 2) }',
      )
    }
    for (const [name, module] of Object.entries(modules)) this.set(name, module as D[string])
  }

  /** How many modules it holds. */
  get size(): number {
    return this.#modules.size
  }

  /** The module of a name. @throws {ValueError} when there is none. */
  get<K extends keyof D & string>(name: K): D[K] {
    const module = this.#modules.get(name)
    if (module !== undefined) return module as D[K]
    const known = [...this.#modules.keys()].map((key) => `'${key}'`).join(', ')
    throw new ValueError(`ModuleDict: there is no module '${name}'; it holds ${known || 'none'}`)
  }

  /** Whether there is a module of this name. */
  has(name: string): boolean {
    return this.#modules.has(name)
  }

  /** Puts a module under a name, in place of the one that was there; returns this. */
  set<K extends keyof D & string>(name: K, module: D[K]): this {
    if (typeof name !== 'string' || name === '' || name.includes('.')) {
      throw new ValueError(
        `ModuleDict: '${String(name)}' can't be a name: it must not be empty nor hold a dot`,
      )
    }
    if (!isModule(module)) {
      const hint = typeof module === 'function' ? '; is a `new` missing?' : ''
      throw new ValueError(
        `ModuleDict: expected a module as '${name}', got ${module === null ? 'null' : typeof module}${hint}`,
      )
    }
    this.#modules.set(name, module)
    return this
  }

  /** Takes the module of a name out; returns whether there was one. */
  delete(name: string): boolean {
    return this.#modules.delete(name)
  }

  /** Takes all modules out. */
  clear(): void {
    this.#modules.clear()
  }

  keys(): IterableIterator<keyof D & string> {
    return this.#modules.keys() as IterableIterator<keyof D & string>
  }

  values(): IterableIterator<D[keyof D]> {
    return this.#modules.values() as IterableIterator<D[keyof D]>
  }

  entries(): IterableIterator<[name: keyof D & string, module: D[keyof D]]> {
    return this.#modules.entries() as IterableIterator<[keyof D & string, D[keyof D]]>
  }

  /** As {@link entries}. */
  [Symbol.iterator](): IterableIterator<[name: keyof D & string, module: D[keyof D]]> {
    return this.entries()
  }

  /** A dictionary computes nothing. @throws {GradtapeError} always. */
  forward(): never {
    throw new GradtapeError(
      'ModuleDict has no forward of its own: call the modules in it, or use Sequential',
    )
  }

  /** @internal Its modules under their own names, and what fields of a subclass hold. */
  override ownMembers(): Member[] {
    const holder = Object.fromEntries(this.#modules)
    return [
      ...super.ownMembers(),
      ...Array.from(this.#modules, ([name, value]): Member => ({
        kind: 'module',
        name,
        value,
        holder,
        key: name,
      })),
    ]
  }
}

import { ValueError } from '@gradtape/core'
import { isModule } from '../module/brand.ts'
import { Module } from '../module/module.ts'

/** A module that holds others in order, in the fields `0`, `1`, …: names and keys are the numbers. */
export abstract class IndexedModules<M extends Module> extends Module {
  readonly [index: number]: M
  /** How many modules it holds. */
  readonly length: number = 0

  /** The module at a place; negative ones count from the end. Undefined where there is none. */
  at(index: number): M | undefined {
    return this[index < 0 ? index + this.length : index]
  }

  *[Symbol.iterator](): Generator<M, void, undefined> {
    for (let i = 0; i < this.length; i++) yield this[i]!
  }

  /** @throws {ValueError} unless all are modules; none is added then. */
  protected add(modules: readonly M[]): void {
    const name = this.constructor.name
    modules.forEach((module, i) => {
      if (isModule(module)) return
      const hint = typeof module === 'function' ? '; is a `new` missing?' : ''
      throw new ValueError(
        `${name}: expected modules, got ${typeof module} at place ${this.length + i}${hint}`,
      )
    })
    const own = this as { -readonly [K in 'length']: number } & Record<number, M>
    for (const module of modules) own[own.length++] = module
  }
}

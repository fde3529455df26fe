import { GradtapeError } from '@gradtape/core'
import type { Module } from '../module/module.ts'
import { IndexedModules } from './indexed-modules.ts'

/**
 * Modules in a list that can grow; the module that holds it decides how they are used. A plain array
 * in a field is found as well.
 *
 * @throws {ValueError} when something else than a module is put in.
 */
export class ModuleList<M extends Module = Module> extends IndexedModules<M> {
  constructor(modules: Iterable<M> = []) {
    super()
    this.add([...modules])
  }

  /** Adds modules at the end and returns the new length. */
  push(...modules: readonly M[]): number {
    this.add(modules)
    return this.length
  }

  /** Adds a module at the end and returns this. */
  append(module: M): this {
    this.add([module])
    return this
  }

  /** A list computes nothing. @throws {GradtapeError} always. */
  forward(): never {
    throw new GradtapeError(
      'ModuleList has no forward of its own: call the modules in it, or use Sequential',
    )
  }
}

import type { Module } from './module.ts'

/**
 * Called after `forward` with the module, its inputs and its output; what it returns replaces the
 * output, unless that is undefined.
 */
export type ForwardHook = (module: Module, inputs: readonly any[], output: any) => unknown

/** Undoes a registration. */
export interface HookHandle {
  /** Takes the hook off again; once is enough. */
  remove(): void
}

/** The hooks of a module and the `forward` that runs them, in place of the module's own. */
interface Hooked {
  hooks: readonly ForwardHook[]
  readonly forward: Module['forward']
}

const hookedModules = new WeakMap<Module, Hooked>()

/** Lets `hook` see every call of the module's `forward`, after the hooks that were there before. */
export function addForwardHook(module: Module, hook: ForwardHook): HookHandle {
  // A function of its own for each registration, so that the same hook can be there twice.
  const own: ForwardHook = (...call) => hook(...call)
  const hooked = hookedModules.get(module) ?? install(module)
  hooked.hooks = [...hooked.hooks, own]
  return {
    remove() {
      hooked.hooks = hooked.hooks.filter((other) => other !== own)
    },
  }
}

function install(module: Module): Hooked {
  const inner = module.forward
  const hooked: Hooked = {
    hooks: [],
    forward(...inputs) {
      return hooked.hooks.reduce(
        (output: unknown, hook) => {
          const replaced = hook(module, inputs, output)
          return replaced === undefined ? output : replaced
        },
        inner.apply(module, inputs),
      )
    },
  }
  hookedModules.set(module, hooked)
  Object.defineProperty(module, 'forward', {
    value: hooked.forward,
    configurable: true,
    writable: true,
  })
  return hooked
}

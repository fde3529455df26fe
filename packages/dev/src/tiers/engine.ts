// What an engine lacks or has on a tier. Nothing here may import core, which looks at its engine when it is loaded.
import { setFlagsFromString } from 'node:v8'

/** The ways to compute, each slower than the next. */
export const tiers = [
  'reference',
  'interpreted',
  'plain',
  'wasm',
  'wasm-fma',
  'threads-2',
  'threads-3',
  'native',
] as const

export type Tier = (typeof tiers)[number]

/** @throws {Error} when there is no tier of that name. */
export function tierNamed(name: string): Tier {
  const tier = tiers.find((one) => one === name)
  if (tier === undefined)
    throw new Error(`no tier is called ${name}; there are ${tiers.join(', ')}`)
  return tier
}

/** A module with one function that multiplies and adds in one step. */
// prettier-ignore
const fusedModule = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 0x60, 3, 0x7b, 0x7b, 0x7b, 1, 0x7b, 3, 2, 1, 0,
  10, 13, 1, 11, 0, 0x20, 0, 0x20, 1, 0x20, 2, 0xfd, 0x85, 0x02, 0x0b,
)

/**
 * Makes the engine one of a tier: takes away WebAssembly, functions made from text, or relaxed SIMD. To be
 * called before core is loaded.
 *
 * @returns why this engine can't be one of that tier, or null.
 */
export function limitEngine(tier: Tier): string | null {
  switch (tier) {
    case 'interpreted':
      globalThis.Function = new Proxy(Function, {
        construct() {
          throw new EvalError('no functions are made from text on this tier')
        },
      })
      Reflect.deleteProperty(globalThis, 'WebAssembly')
      return null
    case 'reference':
    case 'plain':
      Reflect.deleteProperty(globalThis, 'WebAssembly')
      return null
    case 'wasm':
      WebAssembly.validate = () => false
      return null
    default: {
      // Node 20 has relaxed SIMD behind a flag.
      if (!WebAssembly.validate(fusedModule)) setFlagsFromString('--experimental-wasm-relaxed-simd')
      const known = WebAssembly.validate(fusedModule)
      return known || tier === 'native' ? null : 'this engine has no relaxed SIMD'
    }
  }
}

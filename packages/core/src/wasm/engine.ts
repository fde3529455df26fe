/** Memory that kernels share. */
export interface KernelMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/** What is used of the engine's WebAssembly, for which the language itself has no types. */
interface Engine {
  readonly Memory: new (limits: {
    initial: number
    maximum?: number
    shared?: boolean
  }) => KernelMemory
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Instance: new (
    module: object,
    imports: { m: { m: KernelMemory } },
  ) => { readonly exports: Readonly<Record<string, Kernel>> }
  validate(bytes: Uint8Array<ArrayBuffer>): boolean
}

/** A function of a module: numbers in, results in memory. */
export type Kernel = (...args: number[]) => void

/** Missing where there is no WebAssembly. */
export const engine: Engine = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly

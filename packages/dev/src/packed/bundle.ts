import { createContext, runInContext } from 'node:vm'
import { join } from 'node:path'
import { build as esbuild } from 'esbuild'
import { build as vite } from 'vite'

/**
 * A script that leaves the exports of `entry` in the global `name`, as esbuild makes it for a page.
 * What a stranger's build would be warned of is an error here.
 */
export async function bundleWithEsbuild(entry: string, name: string): Promise<string> {
  const { outputFiles, warnings } = await esbuild({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: name,
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  })
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'))
  return outputFiles[0]!.text
}

/** The same by Vite. */
export async function bundleWithVite(entry: string, name: string): Promise<string> {
  const result = await vite({
    root: join(entry, '..'),
    configFile: false,
    logLevel: 'silent',
    build: {
      lib: { entry, name, formats: ['iife'], fileName: 'bundle' },
      minify: true,
      write: false,
    },
  })
  if (!Array.isArray(result)) throw new Error('Vite returned no output')
  return result[0]!.output[0].code
}

/**
 * Runs a script where only what every page has is there (no `process`, `require` or `Buffer`), and
 * evaluates `expression` after it. `evalAllowed: false` is a page whose policy forbids `new Function`,
 * `wasmAllowed: false` one whose policy forbids WebAssembly.
 */
export function runInPage(
  script: string,
  expression: string,
  { evalAllowed, wasmAllowed = true }: { evalAllowed: boolean; wasmAllowed?: boolean },
): unknown {
  const page = createContext(
    {
      console,
      crypto,
      performance,
      queueMicrotask,
      setTimeout,
      structuredClone,
      TextDecoder,
      TextEncoder,
    },
    { codeGeneration: { strings: evalAllowed, wasm: wasmAllowed } },
  )
  runInContext(script, page)
  // As text: an array of another realm is no `Array` here.
  return JSON.parse(runInContext(`JSON.stringify(${expression})`, page) as string)
}

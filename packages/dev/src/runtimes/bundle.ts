import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { build as esbuild, type Plugin } from 'esbuild'
import { inModules } from '../packed/install.ts'
import { inRoot, root } from '../root.ts'
import { leftOut, portableTests } from './tests.ts'

/**
 * A module that exports `suite(environment, print)`: this repository's own tests, as a page can
 * load them. They are of the packages that were installed in `folder`, in the place of the sources.
 */
export async function bundleTests(folder: string): Promise<string> {
  const { outputFiles } = await esbuild({
    stdin: { contents: entry(), resolveDir: inRoot('packages/dev/src/runtimes'), loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    plugins: [installedPackages(folder), embeddedFiles],
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

/** Tests of `inside` come first, the others after them. */
function entry(): string {
  const own = ['tier', 'large', 'op-table'].map((name) => [name, `./inside/${name}.ts`] as const)
  const others = portableTests().map((test) => [test, inRoot('packages', test)] as const)
  const files = [...own, ...others].map(
    ([name, path]) => `${JSON.stringify(name)}: () => import(${JSON.stringify(path)})`,
  )
  const patterns = Object.entries(leftOut).map(
    ([file, pattern]) => `${JSON.stringify(file)}: new RegExp(${JSON.stringify(pattern)})`,
  )
  return `import { run } from './inside/run.ts'
const files = {${files.join()}}
const leftOut = {${patterns.join()}}
export const suite = (environment, print) => run(files, leftOut, environment, print)`
}

/** What a package's name or a path into its sources means: the file that is installed. */
function installedPackages(folder: string): Plugin {
  return {
    name: 'installed-packages',
    setup(build) {
      build.onResolve({ filter: /^(@gradtape\/|fast-check$)/ }, ({ path, kind, pluginData }) =>
        pluginData === folder
          ? undefined
          : build.resolve(path, { kind, resolveDir: folder, pluginData: folder }),
      )
      build.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir }) => {
        const file = relative(inRoot('packages'), resolve(resolveDir, path)).replaceAll('\\', '/')
        const [, name, module] = /^(\w+)\/src\/(.*)\.ts$/.exec(file) ?? []
        if (name === undefined || name === 'dev') return undefined
        const built = inModules(folder, name, 'dist', `${module}.js`)
        return { path: built, sideEffects: true }
      })
    },
  }
}

/** The files that tests read, in the place of Node's. */
const embeddedFiles: Plugin = {
  name: 'embedded-files',
  setup(build) {
    // A module's address is its path in the repository, wherever that lies.
    build.onLoad({ filter: /\/test\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(
        'import.meta.url',
        JSON.stringify(addressOf(path)),
      ),
      loader: 'ts',
      resolveDir: dirname(path),
    }))
    build.onResolve({ filter: /^node:fs$/ }, () => ({ path: 'fs', namespace: 'embedded' }))
    build.onLoad({ filter: /.*/, namespace: 'embedded' }, () => ({
      contents: `const files = ${JSON.stringify(Object.fromEntries(recorded()))}
export const readFileSync = ({ href }) => files[href]`,
    }))
  },
}

const addressOf = (path: string): string =>
  new URL(relative(root, path).replaceAll('\\', '/'), 'file:///').href

/** Every recording that tests compare with. */
function recorded(): [address: string, text: string][] {
  return readdirSync(inRoot('packages'))
    .map((name) => inRoot('packages', name, 'test/golden'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
    .filter((file) => file.endsWith('.json'))
    .map((file) => [addressOf(file), readFileSync(file, 'utf8')])
}

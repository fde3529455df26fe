import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { format } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { node, tools } from '../src/command.ts'
import { inRoot, publicPackages } from '../src/root.ts'
import {
  agrees,
  expectations,
  moduleOf,
  programsOfPage,
  programsOfSource,
  type Program,
} from '../src/snippets.ts'

let work: string
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'gradtape-snippets-'))
  symlinkSync(inRoot('packages/dev/node_modules'), join(work, 'node_modules'), 'junction')
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

/** Writes programs as modules; their paths. */
function write(programs: readonly Program[]): string[] {
  const own = mkdtempSync(join(work, 'programs-'))
  return programs.map((program, i) => {
    const path = join(own, `program${i}.mts`)
    writeFileSync(path, moduleOf(program))
    return path
  })
}

/** What the compiler says of each program, as `line: message`. */
async function compile(paths: readonly string[]): Promise<{ line: number; message: string }[][]> {
  const project = join(work, 'tsconfig.json')
  const config = {
    extends: inRoot('packages/dev/tsconfig.json'),
    compilerOptions: { noUnusedLocals: false, typeRoots: [inRoot('node_modules/@types')] },
    files: paths,
    include: [],
  }
  writeFileSync(project, JSON.stringify(config))
  const { ok, output } = await node(tools.tsc, ['-p', project, '--pretty', 'false'], {
    cwd: work,
  })
  const errors = [...output.matchAll(/^(\S.*)\((\d+),\d+\): error (.*(?:\n[ \t].*)*)/gm)]
  if (!ok && errors.length === 0) throw new Error(output)
  return paths.map((path) =>
    errors
      .filter(([, file]) => path.endsWith(file!.replace(/^.*?(?=programs-)/, '')))
      .map(([, , line, message]) => ({ line: Number(line), message: message! })),
  )
}

/** What each call of console.log prints while a module runs. */
async function run(path: string): Promise<string[]> {
  const printed: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((...args: unknown[]) => {
    printed.push(format(...args))
  })
  try {
    await import(/* @vite-ignore */ path)
  } finally {
    log.mockRestore()
  }
  return printed
}

/** Where a program and its comments part, in words; empty when they don't. */
async function differences(programs: readonly Program[]): Promise<string[][]> {
  const paths = write(programs)
  const compiled = await compile(paths)
  const found: string[][] = []
  for (const [i, program] of programs.entries()) {
    const said = expectations(program)
    const at = (line: number, what: string): string => `${program.file}:${line}: ${what}`
    const own: string[] = []
    const refused = said.filter(({ kind }) => kind === 'type error')
    for (const { line, message } of compiled[i]!) {
      const expected = refused.findIndex((one) => one.line === line && agrees(one, message))
      if (expected < 0) own.push(at(line, `the compiler says ${message}`))
      else refused.splice(expected, 1)
    }
    own.push(...refused.map(({ line, text }) => at(line, `the compiler does not say ${text}`)))

    const shown = said.filter(({ kind }) => kind !== 'type error')
    const printed = await run(paths[i]!).catch((error: unknown) => [`stopped by ${String(error)}`])
    for (let k = 0; k < Math.max(shown.length, printed.length); k++) {
      const [expected, seen] = [shown[k], printed[k]]
      if (expected === undefined) own.push(at(0, `no comment says ${seen}`))
      else if (seen === undefined) own.push(at(expected.line, `${expected.text} is not printed`))
      else if (!agrees(expected, expected.kind === 'throws' ? seen.replace(/^throws /, '') : seen))
        own.push(at(expected.line, `expected ${expected.text}\ngot ${seen}`))
    }
    found.push(own)
  }
  return found
}

/** The programs of the files in a folder whose names end so, in folders below as well. */
function read(
  folder: string,
  ending: string,
  parse: (file: string, text: string) => Program[],
  recursive = true,
): Program[] {
  const names = readdirSync(inRoot(folder), { encoding: 'utf8', recursive })
  const files = names.filter((name) => name.endsWith(ending)).map((name) => join(folder, name))
  return files.toSorted().flatMap((file) => parse(file, readFileSync(inRoot(file), 'utf8')))
}

const documented = [
  ...read('.', '.md', programsOfPage, false),
  ...read('docs', '.md', programsOfPage),
  ...publicPackages.flatMap((name) => [
    ...read(`packages/${name}`, '.md', programsOfPage, false),
    ...read(`packages/${name}/src`, '.ts', programsOfSource),
  ]),
]

const imports = `import { tensor } from '@gradtape/core'\nconst x = tensor([1, 2])\n`
const cases: readonly [what: string, code: string, difference: RegExp][] = [
  ['prints what it says', 'console.log(x.sum()) // → tensor(3.)', /^$/],
  ['prints something else', 'console.log(x.sum()) // → tensor(4.)', /:7: expected tensor\(4/],
  ['prints more than it says', 'console.log(x.sum())', /no comment says tensor\(3\.\)/],
  ['prints less than it says', 'x.sum() // → tensor(3.)', /:7: .* is not printed/],
  [
    'prints several lines',
    'console.log(x.unsqueeze(1))\n// → tensor([[1.],\n//           [2.]])',
    /^$/,
  ],
  [
    'is misaligned',
    'console.log(x.unsqueeze(1))\n// → tensor([[1.],\n//      [2.]])',
    /:7: expected/,
  ],
  ['leaves something open', 'console.log(x) // → tensor(…, 2.])', /^$/],
  ['throws as it says', 'x.item() // throws ValueError: item: expected a tensor of …', /^$/],
  ['throws something else', 'x.item() // throws TypeError: …', /:7: expected TypeError/],
  ['does not throw', 'x.sum() // throws ValueError: …', /:7: .* is not printed/],
  ['throws unsaid', 'x.item()', /no comment says stopped by ValueError: item/],
  ['is refused as it says', "const y: string = x // type error: to type 'string'", /^$/],
  ['is refused otherwise', "const y: string = x // type error: 'number'", /:7: the compiler says/],
  ['is not refused', 'x.sum() // type error: sum', /:7: the compiler does not say sum/],
  ['is refused unsaid', 'const y: string = x', /:7: the compiler says TS2322/],
]

const examples = cases.flatMap(([, code]) =>
  programsOfPage('page.md', `# A page\n\n\`\`\`ts\n${imports}\n${code}\n\`\`\`\n`),
)

/** Of the documentation, then of the examples: one call of the compiler for all. */
let found: string[][]
beforeAll(async () => {
  found = await differences([...documented, ...examples])
}, 120_000)

describe('documentation', () => {
  test.each(documented.map(({ name }, i) => [name, i] as const))('%s', (_, i) => {
    expect(found[i]!.join('\n')).toBe('')
  })
})

describe('a snippet', () => {
  test.each(cases.map(([what, , difference], i) => [what, difference, i] as const))(
    '%s',
    (_, difference, i) => {
      expect(found[documented.length + i]!.join('\n')).toMatch(difference)
    },
  )
})

describe('programs', () => {
  const codeOf = (programs: Program[]): string[][] =>
    programs.map(({ lines }) => lines.filter((line) => line !== ''))

  test('of a page: the blocks below a heading', () => {
    const block = (code: string, language = 'ts'): string => `\`\`\`${language}\n${code}\n\`\`\`\n`
    const page = [
      '# One',
      block('a'),
      block('# b', 'sh'),
      '### Two',
      block('c'),
      '## Three',
      block('d'),
      block('e', 'typescript'),
    ]
    const programs = programsOfPage('p.md', page.join('\n'))
    expect(codeOf(programs)).toEqual([['a', 'c'], ['d']])
    expect(programs.map(({ name }) => name)).toEqual(['p.md: One', 'p.md: Three'])
  })

  test('of a source file: its @example blocks', () => {
    const source = [
      '/**',
      ' * Text',
      ' * ```ts',
      ' * not this',
      ' * ```',
      ' * @example',
      ' * ```ts',
      ' * f(1)',
      ' *',
      ' *   g(2)',
      ' * ```',
      ' */',
      'const code = 1',
    ]
    const programs = programsOfSource('f.ts', source.join('\n'))
    expect(programs).toMatchObject([{ name: 'f.ts:8' }])
    expect(codeOf(programs)).toEqual([['f(1)', '  g(2)']])
  })
})

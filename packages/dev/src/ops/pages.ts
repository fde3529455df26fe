import { format, resolveConfig } from 'prettier'
import { inRoot } from '../root.ts'
import { families, type Documented, type Family, type Remark } from './comments.ts'
import { columns, type Facts } from './facts.ts'
import { callsOf, setupOf } from './examples.ts'

const generated =
  '<!-- Written by `npm run docs` from the op table and its doc comments; change those instead. -->'

/** The pages of `docs/ops` by their names: one for each family of ops, and an index of all. */
export async function opPages(rows: readonly Facts[]): Promise<ReadonlyMap<string, string>> {
  const facts = new Map(rows.map((row) => [row.name, row]))
  const all = families()
  const pages = [
    ['index.md', indexPage(all, facts)],
    ...all.map((family) => [`${family.name}.md`, familyPage(family, facts)] as const),
  ] as const
  const style = await resolveConfig(inRoot('docs/ops/index.md'))
  return new Map(
    await Promise.all(
      pages.map(
        async ([name, text]) =>
          [name, await format(text, { ...style, parser: 'markdown' })] as const,
      ),
    ),
  )
}

function indexPage(all: readonly Family[], facts: ReadonlyMap<string, Facts>): string {
  const links = all.map(
    ({ name, title, text }) => `- [${title}](${name}.md): ${text.split(/(?<=\.)\s/)[0]}`,
  )
  const rows = all.flatMap((family) =>
    family.ops.map(({ name }) => [facts.get(name)!, `${family.name}.md`] as const),
  )
  return page(
    'Operations',
    'Every operation of `@gradtape/core`, by family:',
    links.join('\n'),
    '## The table',
    legend,
    table(rows.toSorted(([a], [b]) => (a.name < b.name ? -1 : 1))),
  )
}

const legend = `The columns are found by calling each operation. \`npm run table\` prints the same in a terminal.

- **dtypes**: those of the tensors that it takes. For the result, _same_ is the dtype that the arguments meet in, and _default float_ what \`setDefaultDtype\` says, float32 unless it was called. The storage dtypes uint8, int64, float16 and bfloat16 are _kept_ by what only moves elements, and _converted_ where something is computed: uint8 and int64 to int32, float16 and bfloat16 to float32.
- **orders of derivatives**: _any_ says that the derivative is made of operations that have derivatives themselves. A function of steps has the derivative 0 wherever it has one; PyTorch gives these 0 as well. What yields indices or bools has none, nor have assignments, which change a tensor in place.
- **forward mode**: whether \`jvp\` pushes tangents through it.
- **vmap**: whether it runs over a batch.`

function familyPage(
  { title, text, example, ops }: Family,
  facts: ReadonlyMap<string, Facts>,
): string {
  return page(
    title,
    `${text.charAt(0).toUpperCase()}${text.slice(1)}`,
    table(ops.map(({ name }) => [facts.get(name)!, ''] as const)),
    '## The operations',
    ...(example === null ? [] : ['The examples begin with:', fenced('ts', setupOf(example))]),
    ...ops.map((op) => opSection(op, facts.get(op.name)!, example)),
  )
}

function opSection(op: Documented, facts: Facts, example: string | null): string {
  const { orders, forward } = facts
  const remarks: readonly Remark[] = [
    ...op.options.map(([name, text]): Remark => [`\`${name}\``, text]),
    ['Shapes', op.shapes],
    ['Dtypes', `${facts.dtypes.replaceAll(' ', ', ')}. Result: ${facts.result}.`],
    ['Derivatives', orders === forward ? `${orders}.` : `${orders}. Forward mode: ${forward}.`],
    ['vmap', `${facts.vmap}.`],
    ...op.throws.map(([error, text]): Remark => [`Throws ${error}`, text]),
  ]
  return [
    `### ${op.name}`,
    fenced('typescript', op.signatures.join('\n')),
    op.text,
    remarks.map(([name, text]) => `- **${name}**: ${text}`).join('\n'),
    // Its own is run where it stands.
    ...(op.example === null ? [] : [fenced('typescript', op.example)]),
    ...(example === null ? [] : [fenced('ts', callsOf(example, op.name, op.method))]),
  ].join('\n\n')
}

/** Rows, and the pages on which they link to their ops. */
function table(rows: readonly (readonly [row: Facts, page: string])[]): string {
  const keys = Object.keys(columns) as (keyof typeof columns)[]
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const cell = (row: Facts, on: string, key: keyof typeof columns): string =>
    key === 'name' ? `[${row.name}](${on}#${row.name.toLowerCase()})` : row[key]
  return [
    line(keys.map((key) => columns[key])),
    line(keys.map(() => '---')),
    ...rows.map(([row, on]) => line(keys.map((key) => cell(row, on, key)))),
  ].join('\n')
}

function page(title: string, ...parts: readonly string[]): string {
  return `${[`# ${title}`, generated, ...parts].join('\n\n')}\n`
}

function fenced(language: string, code: string): string {
  return `\`\`\`${language}\n${code}\n\`\`\``
}

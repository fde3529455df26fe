import { aligned } from '../aligned.ts'
import { layoutNames } from './layouts.ts'
import { measuredLaws, type Proof, type Search } from './proof.ts'

const figures = ['cases', ...layoutNames, ...measuredLaws] as const
const headings = ['op', 'kind', ...figures, 'vmap', 'dtypes', 'storage dtypes', 'remarks']

/** A line for each op, what all have in common, and what went wrong. */
export function reportOf(proofs: readonly Proof[], search: Search): string {
  const isFigure = (column: number): boolean => column >= 2 && column < 2 + figures.length
  return [
    ...aligned([headings, ...proofs.map(rowOf)], isFigure),
    '',
    ...aligned(lawsOf(proofs), (column) => column > 0),
    '',
    sumOf(proofs, search),
    ...proofs.flatMap((proof) => failuresOf(proof, search)),
  ].join('\n')
}

function rowOf(proof: Proof): string[] {
  const { name, kind, layouts, errors, vmap, dtypes, stored, remark } = proof
  return [
    name,
    kind,
    grouped(casesOf(proof)),
    ...layoutNames.map((layout) => grouped(layouts[layout])),
    ...measuredLaws.map((law) => errors[law]?.toExponential(1) ?? '-'),
    vmap,
    dtypes,
    stored,
    remark ?? '',
  ]
}

function casesOf({ cases }: Proof): number {
  return Object.values(cases).reduce((sum, count) => sum + count, 0)
}

/** How many ops have a law, and how many cases were tried. */
function lawsOf(proofs: readonly Proof[]): string[][] {
  const laws = [...new Set(proofs.flatMap(({ cases }) => Object.keys(cases)))]
  const rows = laws.map((law) => {
    const counts = proofs.flatMap(({ cases }) => cases[law] ?? [])
    const worst = proofs
      .filter(({ errors }) => errors[law] !== undefined)
      .toSorted((a, b) => b.errors[law]! - a.errors[law]!)[0]
    return [
      law,
      String(counts.length),
      grouped(counts.reduce((sum, count) => sum + count, 0)),
      worst === undefined ? '' : `${worst.errors[law]!.toExponential(1)} ${worst.name}`,
    ]
  })
  return [['law', 'ops', 'cases', 'worst error'], ...rows]
}

function sumOf(proofs: readonly Proof[], { runs, seed }: Search): string {
  const sum = (of: (proof: Proof) => number): string =>
    grouped(proofs.reduce((all, proof) => all + of(proof), 0))
  return (
    `${proofs.length} ops, ${sum(casesOf)} cases: ${grouped(runs)} for each law of an op, of seed ${seed}; ` +
    `${sum(({ skipped }) => skipped)} more were too near a kink, or not of the kind that a law is about; ` +
    `${sum(({ failures }) => failures.length)} laws broken.\n` +
    'Layouts count the tensors among the arguments. Errors are in proportion to the derivative, or to 1 where that is smaller: ' +
    'of derivatives to differences, with what those are off by themselves, but in third order beyond that; of the adjoint identity to the products in it.'
  )
}

function failuresOf({ name, failures }: Proof, { runs, seed }: Search): string[] {
  return failures.map(
    (failure) =>
      `\n${failure}\nrepeat: npm run proof -- --ops ${name} --runs ${runs} --seed ${seed}`,
  )
}

function grouped(count: number): string {
  return count.toLocaleString('en')
}

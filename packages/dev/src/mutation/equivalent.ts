import type { Mutant } from './mutants.ts'

/** Mutants that compute what the original computes, and why. */
export interface Equivalent {
  readonly file: string
  readonly rule: string
  /**
   * What is changed, and into what; where that stands in several places, also the code around it. White
   * space doesn't count.
   */
  readonly changes: readonly (readonly [before: string, after: string, within?: string])[]
  readonly reason: string
}

const ALL_CARRY = "{ inputs: 'all', attributes: (as) => as }"

export const equivalents: readonly Equivalent[] = [
  ...(
    [
      ['kinds/cast.ts', 'to'],
      ['kinds/inspect.ts', 'inspect'],
      ['kinds/structural.ts', 'alias'],
    ] as const
  ).map(([file, rule]): Equivalent => ({
    file,
    rule,
    changes: [['broadcasting', ALL_CARRY]],
    reason: 'of an op of one input, every input carries the batch.',
  })),
  {
    file: 'kinds/creation.ts',
    rule: 'generate',
    changes: [['i < layout.numel', 'i <= layout.numel']],
    reason: 'a typed array drops what is written behind its end.',
  },
  {
    file: 'kinds/places.ts',
    rule: 'chooseSources',
    changes: [
      ['i < out.numel', 'i <= out.numel'],
      ['j < sources.numel', 'j <= sources.numel'],
    ],
    reason: 'a typed array drops what is written behind its end.',
  },
  {
    file: 'kinds/inspect.ts',
    rule: 'inspect',
    changes: [['constantOf(x!)', 'x!']],
    reason: 'nobody takes its result.',
  },
  {
    file: 'kinds/places.ts',
    rule: 'chooseSources',
    changes: [['0', '1', 'i = 0']],
    reason: 'the first place is its own source, 0, as memory is at first.',
  },
  {
    file: 'kinds/elementwise.ts',
    rule: 'ElementwiseOp.forward',
    changes: [
      ['1', '0', 'k = 1'],
      [
        'layout === first || sameShape(layout.shape, shape)',
        'layout === first && sameShape(layout.shape, shape)',
      ],
    ],
    reason: 'a short cut past broadcasting, which of equal shapes makes the same.',
  },
  {
    file: 'kinds/elementwise.ts',
    rule: 'ElementwiseOp.forward',
    changes: [
      ['numel > 0', 'numel <= 0'],
      ['numel > 0', 'numel >= 0'],
      ['0', '1', 'numel > 0'],
    ],
    reason: 'the same layout is made anew, or, of no elements, is one that nothing is read by.',
  },
  {
    file: 'kinds/elementwise.ts',
    rule: 'ElementwiseOp.#derive',
    changes: [
      ['sources[0] === COTANGENT', 'sources[0] !== COTANGENT'],
      ['0', '1', 'input(0)'],
      ['0', '1', 'sources[0]'],
    ],
    reason: 'a short cut for a cotangent that goes on as it is; without it an op copies it.',
  },
  {
    file: 'kinds/elementwise.ts',
    rule: 'zeroRule',
    changes: [['fullOf(shape, 0, dtype)', '(fullOf(shape, 0, dtype)).mul(2)']],
    reason: 'twice nothing is nothing.',
  },
  {
    file: 'kinds/filters.ts',
    rule: 'filtered',
    changes: [['1', '0', 'groups === 1']],
    reason: 'a short cut for one group; without it there is a stack of one.',
  },
  {
    file: 'kinds/recurrence.ts',
    rule: 'recurrence',
    changes: [
      ['1', '2', 'moved(forth, dim, 1)'],
      ['1', '2', 'moved(out, dim, 1)'],
      ['1', '2', '-1'],
      ['1', '0', '-1'],
    ],
    reason: 'moved looks at the sign only, and takes no other numbers than 1 and -1.',
  },
  {
    file: 'kinds/recurrence.ts',
    rule: 'moved',
    changes: [['by > 0', 'by >= 0']],
    reason: 'it is 1 or -1.',
  },
  {
    file: 'kinds/spread.ts',
    rule: 'stretched',
    changes: [['d < to.length', 'd <= to.length']],
    reason: 'behind the last dim there is none.',
  },
  {
    file: 'kinds/spread.ts',
    rule: 'sumTo',
    changes: [['false', 'true', 'sumOver(ct, stretched(shape, ct.shape), false)']],
    reason: 'sizes of 1 go as the shape is given.',
  },
  {
    file: 'kinds/spread.ts',
    rule: 'expandRule',
    changes: [['false', 'true', 'sumOver(ct, dims, false)']],
    reason: 'sizes of 1 go as the shape is given.',
  },
  {
    file: 'kinds/contraction.ts',
    rule: 'matmul',
    changes: [
      ['2', '1', 'as.length === 2'],
      ['2', '1', 'bs.length === 2'],
      ['flat', '!(flat)', 'flat ? null : tallOf(a.layout, bs)'],
    ],
    reason: 'a short cut past stacks of matrices, of which a single one makes the same.',
  },
  {
    file: 'kinds/contraction.ts',
    rule: 'rightRule',
    changes: [
      ['a.ndim > 2', 'a.ndim >= 2'],
      ['2', '1', 'a.ndim > 2'],
    ],
    reason: 'one matrix stacked is that matrix.',
  },
  {
    file: 'kinds/reduction.ts',
    rule: 'picked',
    changes: [['constantOf(value!)', 'value!']],
    reason: 'nobody else holds the value.',
  },
  {
    file: 'layout.ts',
    rule: 'Layout.expand',
    changes: [['1', '0', 'shape[i] !== 1']],
    reason: 'nobody steps along a dimension of size 1.',
  },
  {
    file: 'layout.ts',
    rule: 'Layout.slice',
    changes: [['0', '1', 'length === 0 ? 0 : start * this.strides[dim]!']],
    reason: 'nothing is read of an empty tensor, wherever it starts.',
  },
  {
    file: 'layout.ts',
    rule: 'Layout.diagonal',
    changes: [['0', '1', 'length === 0 ? 0 : i * down + j * right']],
    reason: 'nothing is read of an empty tensor, wherever it starts.',
  },
  {
    file: 'layout.ts',
    rule: 'Layout.reshape',
    changes: [
      ['1', '2', 'new Array<number>(shape.length).fill(1)'],
      ['1', '0', 'new Array<number>(shape.length).fill(1)'],
      ['size < want', 'size <= want'],
    ],
    reason: 'nobody steps along a dimension of size 1; and equal sizes end the loop before.',
  },
  {
    file: 'scalar/derive.ts',
    rule: 'derive',
    changes: [
      ['1', '2', '1 + Math.max(i, ...leaves([formula]).map((leaf) => leaf.index))'],
      ['1', '2', 'free + 1'],
    ],
    reason: 'any number will do that the formula does not use; all are numbered anew.',
  },
  {
    file: 'tape.ts',
    rule: 'sweep',
    changes: [['i < inputs.length', 'i <= inputs.length']],
    reason: 'behind the last input there is no cotangent, and nothing is sent.',
  },
  {
    file: 'tape.ts',
    rule: 'sweep',
    changes: [['true', 'false', 'note(heap, node, zero(), true)']],
    reason: 'a sum that may not be overwritten is made anew once, and only takes longer.',
  },
  {
    file: 'kinds/linear.ts',
    rule: 'linear',
    changes: [
      ['2', '3', 'inputs.slice(0, 2)'],
      [
        '[expanded(product, shape), expanded(bias!, shape)]',
        '[expanded(bias!, shape), expanded(product, shape)]',
      ],
    ],
    reason: 'a product takes two and no more, and a sum of two is the same the other way round.',
  },
  {
    file: 'kinds/windows.ts',
    rule: 'maximaRule',
    changes: [['OUT', '0']],
    reason: 'who has no places beside the output looks for them again.',
  },
]

/** The explanation of a mutant, if there is one. */
export function explanationOf(mutant: Mutant): Equivalent | undefined {
  return equivalents.find((known) => explains(known, mutant))
}

/** What is explained, but is no mutant any more. */
export function staleExplanations(mutants: readonly Mutant[]): string[] {
  return equivalents.flatMap((known) =>
    known.changes
      .filter(
        (change) => !mutants.some((mutant) => explains({ ...known, changes: [change] }, mutant)),
      )
      .map(([before, after]) => `${known.file} ${known.rule}: ${before} → ${after}`),
  )
}

function explains({ file, rule, changes }: Equivalent, mutant: Mutant): boolean {
  if (mutant.file !== file || mutant.rule !== rule) return false
  const { before, change } = mutant
  return changes.some(
    ([from, to, within = change.within]) =>
      flat(from) === flat(before) &&
      flat(to) === flat(change.text) &&
      flat(within) === flat(change.within),
  )
}

function flat(code: string): string {
  return code.replace(/\s+/g, ' ')
}

import { binary, unary, type Binary, type Unary } from '../../src/kinds/define.ts'
import { entry, everywhere, type EntryInfo } from '../../src/kinds/entry.ts'
import { using, type Kind, type Op, type Rule } from '../../src/op.ts'
import * as s from '../../src/scalar/primitives.ts'
import type { Tensor } from '../../src/tensor.ts'

// What the compiler demands of whoever adds an op: a domain to test it in, samples, and rules.

export const right: Unary = unary({ name: 'right', domain: everywhere, formula: s.exp })

// @ts-expect-error An elementwise op must say where it is defined.
export const noDomain: Unary = unary({ name: 'noDomain', formula: s.exp })

// @ts-expect-error Of both operands.
export const noDomains: Binary = binary({ name: 'noDomains', formula: s.add })

// @ts-expect-error One domain is not two.
export const oneDomain: Binary = binary({ name: 'one', domains: [everywhere], formula: s.add })

// @ts-expect-error Without a formula there is no op.
export const noFormula: Unary = unary({ name: 'noFormula', domain: everywhere })

// @ts-expect-error Any other op must draw its own arguments.
export const noSamples: EntryInfo = { name: 'noSamples', kind: 'structural', differentiable: true }

export const wrongSamples: unknown = entry(
  {
    name: 'wrongSamples',
    kind: 'structural',
    differentiable: true,
    // @ts-expect-error Samples are lists of arguments.
    samples: (g) => g.real([2]),
  },
  (x: Tensor): Tensor => x,
)

const forward = ([x]: readonly Tensor[]): Tensor => x
const pull = (ct: Tensor): Tensor => ct

const constant: Op = {
  name: 'constant',
  kind: 'structural',
  forward,
  rule: () => null,
  push: () => null,
  batch: null,
}

const { rule, push, batch, ...bare } = constant

// @ts-expect-error An op of any kind must say what its rules are; null says that it has none.
export const noRule: Op = { ...bare, push, batch }

// @ts-expect-error And how it pushes tangents; null says that it has none.
export const noPush: Op = { ...bare, rule, batch }

// @ts-expect-error And how it runs over a batch; null says that it has no inputs.
export const noBatch: Op = { ...bare, rule, push }

// @ts-expect-error There is no such kind.
export const noKind: Op = { ...constant, kind: 'magic' }

// @ts-expect-error A rule must say what it saves.
export const noSaves: Rule<null> = { pull }

export const savesOne: Rule<null> = using([0], (ct, [x]) => (ct === x ? ct : x))

// @ts-expect-error And can use nothing else: there is no second saved value.
export const usesTwo: Rule<null> = using([0], (ct, [x, y]) => (ct === x ? ct : y))

// @ts-expect-error A rule is given no inputs.
export const usesNone: Rule<null> = using([], (ct, [x]) => (ct === x ? ct : x))

/** A table over kinds may leave none out. */
// @ts-expect-error There are more kinds than these.
export const fewKinds: Record<Kind, true> = { elementwise: true, reduction: true }

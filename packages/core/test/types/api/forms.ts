import * as core from '../../../src/index.ts'
import type { Tensor, ValuesAndIndices } from '../../../src/index.ts'

// The names that users rely on, in every form in which they may be called: as types in these files,
// and run by the test beside. Plain `Tensor` throughout, as in code that knows no shapes.

export const x: Tensor = core.tensor([[1, 2, 3], [4, 5, 6]], { dtype: 'float64' }) // prettier-ignore
export const row: Tensor = core.tensor([7, 8, 9], { dtype: 'float64' })
export const square: Tensor = core.eye(3, { dtype: 'float64' })
export const mask: Tensor = core.tensor([true, false, true])
export const index: Tensor = core.tensor([2, 0], { dtype: 'int32' })
export const leaf = (): Tensor => core.tensor([1, 2], { requiresGrad: true })

export type Form = () => unknown
export const tensors = (...forms: (() => Tensor)[]): Form[] => forms
export const lists = (...forms: (() => Tensor[])[]): Form[] => forms
export const pairs = (...forms: (() => ValuesAndIndices)[]): Form[] => forms
export const forms = (...all: Form[]): Form[] => all

/** Forms of a call, by the name that promises it. */
export type Calls = Readonly<Record<string, readonly Form[]>>

export const keepdim = true
export const dtype = 'float64'
export const requiresGrad = true

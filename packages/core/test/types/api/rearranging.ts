import * as core from '../../../src/index.ts'
import { lists, row, square, tensors, x, type Calls } from './forms.ts'

const stack = core.ones([2, 3, 3], { dtype: 'float64' })

/** Moving elements, diagonals, padding, strict products and einsum. */
export const rearranging: Calls = {
  flip: tensors(
    () => x.flip(0),
    () => x.flip([0, -1]),
    () => core.flip(x, [1]),
  ),
  roll: tensors(
    () => x.roll(1),
    () => x.roll(-1, 1),
    () => x.roll([1, 2], [0, 1]),
    () => core.roll(x, 1, -1),
  ),
  repeat: tensors(
    () => row.repeat(2),
    () => x.repeat([2, 1]),
    () => core.repeat(row, [2, 2]),
  ),
  chunk: lists(
    () => x.chunk(2),
    () => x.chunk(3, 1),
    () => core.chunk(x, 2, -1),
  ),
  unbind: lists(
    () => x.unbind(),
    () => x.unbind(1),
    () => core.unbind(x, -1),
  ),
  tril: tensors(
    () => x.tril(),
    () => x.tril(-1),
    () => core.tril(x, 1),
  ),
  triu: tensors(
    () => x.triu(),
    () => x.triu(-1),
    () => core.triu(x, 1),
  ),
  diagonal: tensors(
    () => x.diagonal(),
    () => x.diagonal(1),
    () => x.diagonal(0, 1, 0),
    () => core.diagonal(stack, -1, -2, -1),
  ),
  diag: tensors(
    () => row.diag(),
    () => x.diag(1),
    () => core.diag(row, -1),
  ),
  pad: tensors(
    () => x.pad([1, 1]),
    () => x.pad([1, 1, 0, 2], { value: 2 }),
    () => x.pad([1, 1], { mode: 'constant', value: 2 }),
    () => x.pad([1, 2], { mode: 'reflect' }),
    () => core.pad(x, [1, 5], { mode: 'replicate' }),
  ),
  mm: tensors(
    () => x.mm(square),
    () => core.mm(x, square),
  ),
  bmm: tensors(
    () => stack.bmm(stack),
    () => core.bmm(stack, stack),
  ),
  outer: tensors(
    () => row.outer(row),
    () => core.outer(row, row),
  ),
  standardize: tensors(
    () => core.standardize(x),
    () => core.standardize(x, { eps: 1e-6 }),
  ),
  einsum: tensors(
    () => core.einsum('ij->ji', x),
    () => core.einsum('ij,jk->ik', x, square),
    () => core.einsum('...j,...j,...j', x, row, x),
  ),
}

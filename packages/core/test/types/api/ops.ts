import * as core from '../../../src/index.ts'
import { index, keepdim, lists, mask, pairs, row, square, tensors, x, type Calls } from './forms.ts'

/** Ops, in the forms that the lists of names leave out. */
export const ops: Calls = {
  // Elementwise ops with more than operands.
  add: tensors(
    () => x.add(row, { alpha: 2 }),
    () => core.add(x, 1, { alpha: 2 }),
  ),
  sub: tensors(
    () => x.sub(row, { alpha: 2 }),
    () => core.sub(1, x, { alpha: 2 }),
  ),
  div: tensors(
    () => x.div(2, { roundingMode: 'floor' }),
    () => core.div(x, row, { roundingMode: 'trunc' }),
  ),
  round: tensors(
    () => x.round({ decimals: 1 }),
    () => core.round(x, { decimals: -1 }),
  ),
  leakyRelu: tensors(
    () => x.leakyRelu(0.2),
    () => core.leakyRelu(x, 0.2),
  ),
  elu: tensors(
    () => x.elu(0.5),
    () => core.elu(x, 0.5),
  ),
  gelu: tensors(
    () => x.gelu({ approximate: 'tanh' }),
    () => core.gelu(x, { approximate: 'none' }),
  ),
  softplus: tensors(
    () => x.softplus({ beta: 2, threshold: 5 }),
    () => core.softplus(x, { beta: 2 }),
  ),
  hardtanh: tensors(
    () => x.hardtanh({ minVal: -2, maxVal: 2 }),
    () => core.hardtanh(x, { maxVal: 2 }),
  ),
  clamp: tensors(
    () => x.clamp({ min: 2 }),
    () => x.clamp({ max: 3 }),
    () => core.clamp(x, { min: 2, max: 3 }),
  ),
  nanToNum: tensors(
    () => x.nanToNum({ nan: 1, posinf: 2, neginf: 3 }),
    () => core.nanToNum(x, { nan: 1 }),
  ),
  where: tensors(
    () => core.where(mask, x, row),
    () => core.where(mask, 1, x),
    () => core.where(mask, x, 0),
    () => x.where(mask, row),
    () => x.where(mask, 0),
  ),
  maskedFill: tensors(
    () => x.maskedFill(mask, 0),
    () => core.maskedFill(x, mask, core.tensor(1)),
  ),
  lerp: tensors(
    () => x.lerp(row, 0.5),
    () => core.lerp(x, row, row),
  ),
  // Reductions.
  sum: tensors(
    () => x.sum({ keepdim }),
    () => x.sum(0, { keepdim }),
    () => core.sum(x, { keepdim }),
  ),
  mean: tensors(
    () => x.mean({ keepdim }),
    () => x.mean(-1, { keepdim }),
    () => core.mean(x, { keepdim }),
  ),
  prod: tensors(
    () => x.prod({ keepdim }),
    () => x.prod(0, { keepdim }),
  ),
  var: tensors(
    () => x.var(),
    () => x.var(0),
    () => x.var({ correction: 0, keepdim }),
    () => x.var([0, 1], { correction: 0, keepdim }),
    () => core.variance(x),
    () => core.variance(x, 0, { correction: 0, keepdim }),
  ),
  std: tensors(
    () => x.std({ correction: 0, keepdim }),
    () => core.std(x, [0], { correction: 0, keepdim }),
  ),
  amax: tensors(
    () => x.amax(0, { keepdim }),
    () => core.amax(x, { keepdim }),
  ),
  amin: tensors(
    () => x.amin(0, { keepdim }),
    () => core.amin(x, { keepdim }),
  ),
  argmax: tensors(
    () => x.argmax(0, { keepdim }),
    () => core.argmax(x, -1),
  ),
  argmin: tensors(
    () => x.argmin(0, { keepdim }),
    () => core.argmin(x, -1),
  ),
  max: pairs(
    () => x.max(0),
    () => x.max(0, { keepdim }),
    () => core.max(x, -1),
  ),
  min: pairs(
    () => x.min(0),
    () => x.min(0, { keepdim }),
    () => core.min(x, -1),
  ),
  median: pairs(
    () => x.median(0),
    () => x.median(0, { keepdim }),
    () => core.median(x, -1),
  ),
  sort: pairs(
    () => x.sort(),
    () => x.sort(0),
    () => x.sort({ descending: true }),
    () => x.sort(0, { descending: true }),
    () => core.sort(x, -1, { descending: false }),
    () => core.sort(x, { descending: true }),
  ),
  topk: pairs(
    () => x.topk(2),
    () => x.topk(1, 0),
    () => x.topk(1, { largest: false }),
    () => x.topk(1, 0, { largest: false }),
    () => core.topk(x, 2, -1, { largest: true }),
    () => core.topk(x, 2, { largest: false }),
  ),
  logsumexp: tensors(
    () => x.logsumexp(0, { keepdim }),
    () => core.logsumexp(x, [0, 1]),
  ),
  norm: tensors(
    () => x.norm(1),
    () => x.norm(2, 0),
    () => x.norm(2, [0, 1], { keepdim }),
    () => core.norm(x, Infinity, 0),
  ),
  all: tensors(
    () => x.all(0, { keepdim }),
    () => core.all(x, 0),
  ),
  any: tensors(
    () => x.any(0, { keepdim }),
    () => core.any(x, 0),
  ),
  // Contractions.
  matmul: tensors(
    () => x.matmul(square),
    () => core.matmul(x, row),
    () => core.matmul(row, square),
  ),
  dot: tensors(
    () => row.dot(row),
    () => core.dot(row, row),
  ),
  // Structure.
  reshape: tensors(
    () => x.reshape([3, 2]),
    () => core.reshape(x, [-1]),
  ),
  view: tensors(
    () => x.view([3, -1]),
    () => core.view(x, [6]),
  ),
  flatten: tensors(
    () => x.flatten(0),
    () => x.flatten(0, -1),
    () => core.flatten(x, 0, 1),
  ),
  squeeze: tensors(
    () => x.squeeze([0, 1]),
    () => core.squeeze(x, 0),
  ),
  expand: tensors(
    () => row.expand([2, 3]),
    () => core.expand(row, [2, -1]),
  ),
  transpose: tensors(
    () => x.transpose(0, 1),
    () => core.transpose(x, 0, -1),
  ),
  permute: tensors(
    () => x.permute([1, 0]),
    () => core.permute(x, [-1, 0]),
  ),
  narrow: tensors(
    () => x.narrow(1, 0, 2),
    () => core.narrow(x, 0, 1, 1),
  ),
  split: lists(
    () => x.split(1),
    () => x.split([1, 2], 1),
    () => core.split(x, 2, -1),
  ),
  cat: tensors(
    () => core.cat([x, x]),
    () => core.cat([x, x], 1),
  ),
  stack: tensors(
    () => core.stack([x, x]),
    () => core.stack([x, x], -1),
  ),
  indexSelect: tensors(
    () => x.indexSelect(1, index),
    () => core.indexSelect(x, -1, index),
  ),
  gather: tensors(
    () => row.gather(0, index),
    () => core.gather(row, 0, index),
  ),
  scatter: tensors(
    () => row.scatter(0, index, row),
    () => core.scatter(row, -1, index, 2),
  ),
  scatterAdd: tensors(
    () => row.scatterAdd(0, index, row),
    () => core.scatterAdd(row, 0, index, row),
  ),
  take: tensors(
    () => x.take(index),
    () => core.take(x, index),
  ),
  maskedSelect: tensors(
    () => x.maskedSelect(mask),
    () => core.maskedSelect(x, x.gt(2)),
  ),
  indexPut: tensors(
    () => x.indexPut([0, core.slice(1)], 0),
    () => x.indexPut([index.sub(1)], row),
    () => x.indexPut(['...', mask], row.at(0), { accumulate: true }),
    () => core.indexPut(x, [x.gt(2)], 1, { accumulate: false }),
  ),
  at: tensors(
    () => x.at(0),
    () => x.at(0, -1),
    () => x.at('...', null, core.slice(1, 3)),
    () => x.at(core.slice()),
    () => core.at(x, core.slice(null, null, 2), 0),
    () => x.at(core.slice(), index),
    () => x.at('...', mask),
    () => core.at(x, x.gt(2)),
  ),
}

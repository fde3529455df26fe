import * as core from '../../../src/index.ts'
import type { NestedArray, Shape, Tensor } from '../../../src/index.ts'
import { forms, index, leaf, mask, row, tensors, x, type Calls } from './forms.ts'

/** A tensor's own. */
export const members: Calls = {
  shape: forms((): Readonly<Shape> => x.shape),
  dtype: forms((): core.DType => x.dtype),
  ndim: forms((): number => x.ndim),
  numel: forms((): number => x.numel),
  requiresGrad: forms((): boolean => x.requiresGrad),
  isLeaf: forms((): boolean => x.isLeaf),
  grad: forms(
    (): Tensor | null => x.grad,
    () => (leaf().grad = null),
  ),
  data: forms(
    (): number => x.data.map((v) => v + 1).reduce((a, b) => a + b, 0),
    () => [...x.data],
  ),
  size: forms((): number => x.size(-1)),
  T: tensors(() => x.T),
  mT: tensors(() => x.mT),
  t: tensors(() => x.t()),
  item: forms((): number => x.sum().item()),
  toArray: forms((): NestedArray => x.toArray()),
  toTypedArray: forms(
    (): core.TypedArray => x.toTypedArray(),
    (): BigInt64Array => core.zeros([1], { dtype: 'int64' }).toTypedArray<BigInt64Array>(),
  ),
  toString: forms(
    (): string => x.toString(),
    () => `${x}`,
    () => JSON.stringify(x),
  ),
  to: tensors(
    () => x.to('int32'),
    () => core.to(x, 'bool'),
    () => x.to('uint8').to('int64').to('float16').to('bfloat16'),
  ),
  float: tensors(() => x.float()),
  double: tensors(() => x.double()),
  detach: tensors(() => x.detach()),
  iterator: forms(
    () => [...x],
    (): Tensor => x[Symbol.iterator]().next().value!,
  ),
  requiresGrad_: tensors(
    () => row.clone().requiresGrad_(),
    () => row.clone().requiresGrad_(false),
  ),
  registerHook: forms(
    () =>
      leaf()
        .registerHook((gradient: Tensor) => gradient.mul(2))
        .remove(),
    () => leaf().registerHook(() => {}),
  ),
  retainGrad: forms(() => leaf().retainGrad()),
  backward: forms(
    () => leaf().sum().backward(),
    () =>
      leaf()
        .mul(2)
        .backward(core.ones([2])),
    () => leaf().sum().backward(undefined, { retainGraph: true, createGraph: false }),
    () => {
      const a = leaf()
      a.sum().backward(undefined, { inputs: [a] })
    },
  ),
  add_: tensors(
    () => x.clone().add_(1),
    () => x.clone().add_(row),
    () => core.add_(x.clone(), 1),
  ),
  sub_: tensors(
    () => x.clone().sub_(1),
    () => x.clone().sub_(row),
    () => core.sub_(x.clone(), 1),
  ),
  mul_: tensors(
    () => x.clone().mul_(2),
    () => x.clone().mul_(row),
    () => core.mul_(x.clone(), 1),
  ),
  div_: tensors(
    () => x.clone().div_(2),
    () => x.clone().div_(row),
    () => core.div_(x.clone(), 1),
  ),
  copy_: tensors(
    () => x.clone().copy_(row),
    () => core.copy_(x.clone(), row),
  ),
  fill_: tensors(
    () => x.clone().fill_(2),
    () => core.fill_(x.clone(), 2),
  ),
  zero_: tensors(
    () => x.clone().zero_(),
    () => core.zero_(x.clone()),
  ),
  indexPut_: tensors(
    () => x.clone().indexPut_([0], row),
    () => x.clone().indexPut_(['...', mask], 1, { accumulate: true }),
    () => core.indexPut_(x.clone(), [core.slice(), index], 0),
  ),
}

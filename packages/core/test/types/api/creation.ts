import * as core from '../../../src/index.ts'
import { dtype, forms, requiresGrad, tensors, x, type Calls } from './forms.ts'

const generator = new core.RandomGenerator(1)
const state = new core.RandomState(1)

/** What makes tensors. */
export const creation: Calls = {
  tensor: tensors(
    () => core.tensor(1),
    () => core.tensor([1, 2]),
    () => core.tensor([[true], [false]]),
    () => core.tensor(new Float32Array(2)),
    () => core.tensor(new Uint8Array(2)),
    () => core.tensor(new BigInt64Array(2)),
    () => core.tensor([1, 2], { dtype: 'bfloat16' }),
    () => core.tensor(new Int32Array(4), { shape: [2, 2], dtype, requiresGrad }),
  ),
  zeros: tensors(
    () => core.zeros([2]),
    () => core.zeros([2], { dtype, requiresGrad }),
  ),
  ones: tensors(
    () => core.ones([2]),
    () => core.ones([2], { dtype, requiresGrad }),
  ),
  full: tensors(
    () => core.full([2], 3),
    () => core.full([2], 3, { dtype, requiresGrad }),
  ),
  empty: tensors(
    () => core.empty([2]),
    () => core.empty([2], { dtype, requiresGrad }),
  ),
  eye: tensors(
    () => core.eye(2),
    () => core.eye(2, 3),
    () => core.eye(2, { dtype }),
    () => core.eye(2, 3, { dtype }),
  ),
  arange: tensors(
    () => core.arange(3),
    () => core.arange(1, 3),
    () => core.arange(1, 3, 0.5),
    () => core.arange(3, { dtype }),
    () => core.arange(1, 3, { dtype }),
    () => core.arange(1, 3, 0.5, { dtype, requiresGrad }),
  ),
  linspace: tensors(
    () => core.linspace(0, 1, 3),
    () => core.linspace(0, 1, 3, { dtype, requiresGrad }),
  ),
  zerosLike: tensors(
    () => core.zerosLike(x),
    () => core.zerosLike(x, { dtype, requiresGrad }),
  ),
  onesLike: tensors(
    () => core.onesLike(x),
    () => core.onesLike(x, { dtype, requiresGrad }),
  ),
  fullLike: tensors(
    () => core.fullLike(x, 2),
    () => core.fullLike(x, 2, { dtype, requiresGrad }),
  ),
  emptyLike: tensors(
    () => core.emptyLike(x),
    () => core.emptyLike(x, { dtype, requiresGrad }),
  ),
  rand: tensors(
    () => core.rand([2]),
    () => core.rand([2], { dtype, requiresGrad, generator }),
  ),
  randn: tensors(
    () => core.randn([2]),
    () => core.randn([2], { dtype, requiresGrad, generator }),
  ),
  randint: tensors(
    () => core.randint(0, 3, [2]),
    () => core.randint(0, 3, [2], { dtype, requiresGrad, generator }),
  ),
  randperm: tensors(
    () => core.randperm(3),
    () => core.randperm(3, { dtype, requiresGrad, generator }),
  ),
  manualSeed: forms(() => core.manualSeed(1)),
  RandomGenerator: forms(
    () => new core.RandomGenerator(),
    () => generator.manualSeed(3),
  ),
  RandomState: tensors(
    () => state.rand(),
    () => state.rand(2, 3),
    () => state.randn(2, 3),
    () => state.uniform(0, 1, [2]),
    () => state.normal(0, 1, 3),
    () => state.randint(0, 5, [2]),
    () => state.permutation(4),
    () => state.choice(4, 2),
    () => state.choice(4, [2, 2], { replace: false }),
  ),
  shuffle: forms(
    () => state.shuffle([1, 2]),
    () => state.shuffle(new Float64Array(2)),
    () => state.shuffle(x.clone()),
  ),
  setDefaultDtype: forms(() => core.setDefaultDtype(core.getDefaultDtype())),
}

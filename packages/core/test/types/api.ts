import * as core from '../../src/index.ts'
import type { Expr, NestedArray, Shape, Tensor, ValuesAndIndices } from '../../src/index.ts'

// The names that users rely on, in every form in which they may be called: as types here, and run
// by the test beside. Plain `Tensor` throughout, as in code that knows no shapes.

const x: Tensor = core.tensor([[1, 2, 3], [4, 5, 6]], { dtype: 'float64' }) // prettier-ignore
const row: Tensor = core.tensor([7, 8, 9], { dtype: 'float64' })
const square: Tensor = core.eye(3, { dtype: 'float64' })
const mask: Tensor = core.tensor([true, false, true])
const index: Tensor = core.tensor([2, 0], { dtype: 'int32' })
const leaf = (): Tensor => core.tensor([1, 2], { requiresGrad: true })

/** Functions of one tensor, and methods without arguments. */
export const unary = [
  'neg', 'abs', 'sign', 'exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'sqrt', 'rsqrt',
  'reciprocal', 'square', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh',
  'asinh', 'acosh', 'atanh', 'sigmoid', 'relu', 'relu6', 'leakyRelu', 'elu', 'selu', 'gelu', 'silu',
  'mish', 'softplus', 'softsign', 'hardtanh', 'hardsigmoid', 'hardswish', 'logSigmoid', 'erf',
  'erfc', 'floor', 'ceil', 'round', 'trunc', 'frac', 'nanToNum', 'logicalNot', 'isnan', 'isinf',
  'isfinite', 'clone', 'contiguous', 'flatten', 'squeeze', 'sum', 'mean', 'prod', 'std', 'amax',
  'amin', 'argmax', 'argmin', 'max', 'min', 'norm', 'all', 'any',
] as const // prettier-ignore

/** Functions of two operands, one of them maybe a number, and methods of one argument. */
export const binary = [
  'add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum', 'atan2', 'remainder', 'fmod',
  'eq', 'ne', 'lt', 'le', 'gt', 'ge', 'logicalAnd', 'logicalOr', 'logicalXor',
] as const // prettier-ignore

/** Functions of a tensor and a dim, and methods of a dim. */
export const alongDim = [
  'sum', 'mean', 'prod', 'std', 'amax', 'amin', 'argmax', 'argmin', 'logsumexp', 'all', 'any',
  'softmax', 'logSoftmax', 'unsqueeze', 'squeeze',
] as const // prettier-ignore

/** Reductions over one dim, several, or (but for logsumexp) all, that may keep them. */
export const reductions = ['sum', 'mean', 'amax', 'amin', 'logsumexp'] as const

type Names<L extends readonly string[]> = L[number]
type Functions<N extends string, F> = { readonly [K in N]: F }

core satisfies Functions<Names<typeof unary>, (a: Tensor) => Tensor>
x satisfies Functions<Names<typeof unary>, (this: Tensor) => Tensor>
core satisfies Functions<Names<typeof binary>, (a: Tensor, b: Tensor) => Tensor>
core satisfies Functions<Names<typeof binary>, (a: number, b: Tensor) => Tensor>
core satisfies Functions<Names<typeof binary>, (a: Tensor, b: number) => Tensor>
core satisfies Functions<Names<typeof binary>, (a: number, b: number) => Tensor>
x satisfies Functions<Names<typeof binary>, (this: Tensor, b: Tensor) => Tensor>
x satisfies Functions<Names<typeof binary>, (this: Tensor, b: number) => Tensor>
core satisfies Functions<Names<typeof alongDim>, (a: Tensor, dim: number) => Tensor>
x satisfies Functions<Names<typeof alongDim>, (this: Tensor, dim: number) => Tensor>
core satisfies Functions<
  Names<typeof reductions>,
  (a: Tensor, dim: readonly number[], options: { keepdim: boolean }) => Tensor
>
x satisfies Functions<
  Names<typeof reductions>,
  (this: Tensor, dim: readonly number[], options: { keepdim: boolean }) => Tensor
>

type Form = () => unknown
const tensors = (...forms: (() => Tensor)[]): Form[] => forms
const lists = (...forms: (() => Tensor[])[]): Form[] => forms
const pairs = (...forms: (() => ValuesAndIndices)[]): Form[] => forms
const forms = (...all: Form[]): Form[] => all

const keepdim = true
const dtype = 'float64'
const requiresGrad = true
const generator = new core.RandomGenerator(1)
const state = new core.RandomState(1)
const f = (a: Tensor, b: Tensor): Tensor => a.mul(b).sum()
const tree = { w: row, list: [row, row] }

/** Every further form of a call, by the name that promises it. */
export const calls: Readonly<Record<string, readonly Form[]>> = {
  // Creation.
  tensor: tensors(
    () => core.tensor(1),
    () => core.tensor([1, 2]),
    () => core.tensor([[true], [false]]),
    () => core.tensor(new Float32Array(2)),
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

  // A tensor's own.
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
  toTypedArray: forms((): core.TypedArray => x.toTypedArray()),
  toString: forms(
    (): string => x.toString(),
    () => `${x}`,
    () => JSON.stringify(x),
  ),
  to: tensors(
    () => x.to('int32'),
    () => core.to(x, 'bool'),
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
  at: tensors(
    () => x.at(0),
    () => x.at(0, -1),
    () => x.at('...', null, core.slice(1, 3)),
    () => x.at(core.slice()),
    () => core.at(x, core.slice(null, null, 2), 0),
  ),

  // Gradients and transforms.
  gradients: forms(
    (): Tensor[] => {
      const a = leaf()
      return core.gradients(a.sum(), a)
    },
    (): (Tensor | null)[] => {
      const a = leaf()
      const options = { createGraph: true, retainGraph: true, allowUnused: true } as const
      return core.gradients([a.sum(), a.mul(2)], [a, leaf()], {
        ...options,
        gradOutputs: [null, core.ones([2])],
      })
    },
  ),
  gradOf: forms(
    (): Tensor => core.grad(f)(row, row),
    (): Tensor => core.grad(f, { argnums: 1 })(row, row),
    (): [Tensor, Tensor] => core.grad(f, { argnums: [0, 1] })(row, row),
    (): typeof tree => core.grad((t: typeof tree) => t.w.mul(t.list[0]!).sum())(tree),
  ),
  valueAndGrad: forms(
    (): [Tensor, Tensor] => core.valueAndGrad(f)(row, row),
    (): [Tensor, [Tensor, Tensor]] => core.valueAndGrad(f, { argnums: [0, 1] })(row, row),
  ),
  noGrad: forms(
    (): Tensor => core.noGrad(() => x),
    (): string => core.noGrad(() => 'x'),
  ),
  enableGrad: forms((): Tensor => core.enableGrad(() => x)),
  isGradEnabled: forms((): boolean => core.isGradEnabled()),

  // For the other packages, and for whoever writes one.
  update: forms(() => {
    const decay = core.update({
      name: 'decay',
      targets: 1,
      sources: 0,
      build: (w?: Expr, by?: Expr) => [core.scalar.mul(w!, by!)],
    })
    decay([row.clone()], [0.5])
  }),
  host: forms(
    (): number => core.host({ lr: 1 }, 'lr'),
    (): number => core.hostUpdate({ step: 1 }, 'step', (n) => n + 1),
  ),
  mapTree: forms(
    (): typeof tree => core.mapTree(tree, (a) => a.neg()),
    (): Tensor[] => core.treeLeaves(tree),
  ),
  isTensor: forms((): boolean => core.isTensor(x)),
}

/** What is called on, for the test that runs the lists. */
export const operands = { x, row }

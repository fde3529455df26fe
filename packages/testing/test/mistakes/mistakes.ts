import { customOp, expm1, rand, stack, tensor, where, type Tensor } from '@gradtape/core'

/** A function whose gradient is wrong, beside the same one put right. */
export interface Mistake {
  readonly name: string
  readonly wrong: (...inputs: Tensor[]) => object
  readonly right: (...inputs: Tensor[]) => object
  readonly inputs: () => Tensor[]
  /** 2 for a mistake that shows in the gradient of the gradient; 1 unless given. */
  readonly order?: 2
}

const leaf = (data: number[], shape: number[] = [data.length]): Tensor =>
  tensor(data, { shape, dtype: 'float64', requiresGrad: true }) as Tensor

const some = (): Tensor[] => [leaf([0.5, -1.25, 2, -0.75, 1.5, -0.25], [2, 3])]
const square = (): Tensor[] => [
  leaf([0.5, -1.25, 2, 0.75], [2, 2]),
  leaf([1, 0.25, -0.5, 2], [2, 2]),
]

type Slope = (ct: Tensor, x: Tensor, y: Tensor) => Tensor

/** An op of one tensor from its value and its pullback. */
const unary = (value: (x: Tensor) => Tensor, slope: Slope): ((x: Tensor) => Tensor) =>
  customOp({ forward: value, vjp: (ct, { inputs: [x], output }) => slope(ct, x, output) })

type Slopes = (ct: Tensor, a: Tensor, b: Tensor) => [Tensor, Tensor]

const binary = (
  value: (a: Tensor, b: Tensor) => Tensor,
  slopes: Slopes,
): ((a: Tensor, b: Tensor) => Tensor) =>
  customOp({ forward: value, vjp: (ct, { inputs: [a, b] }) => slopes(ct, a, b) })

const tanh = (x: Tensor): Tensor => x.tanh()
const tanhSlope: Slope = (ct, _, y) => ct.mul(y.square().neg().add(1))

/** Its sum, with the slope at one element given. */
const sumOfTanh = (at4711: number | null): ((x: Tensor) => Tensor) =>
  unary(
    (x) => x.tanh().sum(),
    (ct, x) => {
      const slopes = x.tanh().square().neg().add(1).toTypedArray() as Float64Array
      if (at4711 !== null) slopes[4711] = at4711
      return ct.mul(tensor(slopes, { shape: [...x.shape] }))
    },
  )

const isExpanded = (ct: Tensor): boolean => ct.layout.strides.every((stride) => stride === 0)

/** The derivative of (eˣ - 1) / x, as it stands in tables and with its digits kept. */
const growth = (x: Tensor): Tensor => expm1(x).div(x)
const series = (x: Tensor): Tensor => x.mul(x.mul(x.mul(1 / 30).add(1 / 8)).add(1 / 3)).add(0.5)

const forward = (factor: number): ((x: Tensor) => Tensor) =>
  customOp({
    forward: (x: Tensor) => x.square(),
    vjp: (ct, { inputs: [x] }) => ct.mul(x).mul(2),
    jvp: ([t]: readonly [Tensor], { inputs: [x] }) => t.mul(x).mul(factor),
  })

/** Differences of neighbours in rows of three, and the pullback of the first `count` of them. */
const differencesOf = (count: number): ((x: Tensor) => Tensor) =>
  unary(
    (x) => x.narrow(1, 1, 2).sub(x.narrow(1, 0, 2)),
    (ct) => {
      const used = ct.narrow(1, 0, count)
      return used.pad([1, 2 - count]).sub(used.pad([0, 3 - count])) as Tensor
    },
  )

/** The twenty, as `mistakes.py` has them for PyTorch under the same names. */
export const mistakes: readonly Mistake[] = [
  {
    name: 'sign turned',
    wrong: unary(tanh, (ct, x, y) => tanhSlope(ct, x, y).neg()),
    right: unary(tanh, tanhSlope),
    inputs: some,
  },
  {
    name: 'factor 2 forgotten',
    wrong: unary(
      (x) => x.square(),
      (ct, x) => ct.mul(x),
    ),
    right: unary(
      (x) => x.square(),
      (ct, x) => ct.mul(x).mul(2),
    ),
    inputs: some,
  },
  {
    name: 'mean for a sum over the broadcast dim',
    wrong: binary(
      (a, b) => a.mul(b),
      (ct, a, b) => [ct.mul(b), ct.mul(a).mean(0)],
    ),
    right: binary(
      (a, b) => a.mul(b),
      (ct, a, b) => [ct.mul(b), ct.mul(a).sum(0)],
    ),
    inputs: () => [...some(), leaf([0.5, -1, 2])],
  },
  {
    name: 'one entry of 10,000',
    wrong: sumOfTanh(1),
    right: sumOfTanh(null),
    inputs: () => [
      leaf(
        Array.from({ length: 10_000 }, (_, i) => 2 * Math.sin(i)),
        [100, 100],
      ),
    ],
  },
  {
    name: 'negative inputs only',
    wrong: unary(
      (x) => x.elu(),
      (ct) => ct,
    ),
    right: unary(
      (x) => x.elu(),
      (ct, x) => where(x.gt(0), ct, ct.mul(x.exp())),
    ),
    inputs: some,
  },
  {
    name: 'strided inputs only',
    wrong: unary(tanh, (ct, x, y) => (x.layout.isContiguous ? tanhSlope(ct, x, y) : ct)),
    right: unary(tanh, tanhSlope),
    inputs: some,
  },
  {
    name: 'NaN at 0',
    wrong: unary(
      (x) => x.mul(x.abs()),
      (ct, x) => ct.mul(x.square().div(x.abs()).mul(2)),
    ),
    right: unary(
      (x) => x.mul(x.abs()),
      (ct, x) => ct.mul(x.abs().mul(2)),
    ),
    inputs: () => [leaf([0, 1, -2])],
  },
  {
    name: 'a term of 1e-6 forgotten',
    wrong: unary(
      (x) => x.square().add(x.mul(1e-6)),
      (ct, x) => ct.mul(x).mul(2),
    ),
    right: unary(
      (x) => x.square().add(x.mul(1e-6)),
      (ct, x) => ct.mul(x.mul(2).add(1e-6)),
    ),
    inputs: some,
  },
  {
    name: 'noise of 1e-9 in the gradient',
    wrong: unary(tanh, (ct, x, y) =>
      tanhSlope(ct, x, y).mul(rand([], { dtype: 'float64' }).mul(1e-9).add(1)),
    ),
    right: unary(tanh, tanhSlope),
    inputs: some,
  },
  {
    name: 'digits that cancel in float32',
    wrong: unary(growth, (ct, x) => {
      const e = x.exp()
      return ct.mul(e.div(x).sub(e.sub(1).div(x.square())))
    }),
    right: unary(growth, (ct, x) => ct.mul(series(x))),
    inputs: () => [tensor([0.001, -0.002, 0.003], { dtype: 'float32', requiresGrad: true })],
  },
  {
    name: 'a factor detached',
    wrong: (x) => x!.mul(x!.detach()),
    right: (x) => x!.mul(x!),
    inputs: some,
  },
  {
    name: 'a constant derivative, right but for the second order',
    wrong: unary(
      (x) => x.square(),
      (ct, x) => ct.mul(x.detach()).mul(2),
    ),
    right: unary(
      (x) => x.square(),
      (ct, x) => ct.mul(x).mul(2),
    ),
    inputs: some,
    order: 2,
  },
  {
    name: 'a transpose dropped',
    wrong: binary(
      (a, b) => a.matmul(b),
      (ct, a, b) => [ct.matmul(b), a.mT.matmul(ct)],
    ),
    right: binary(
      (a, b) => a.matmul(b),
      (ct, a, b) => [ct.matmul(b.mT), a.mT.matmul(ct)],
    ),
    inputs: square,
  },
  {
    name: 'the cotangent squared',
    wrong: unary(tanh, (ct, x, y) => tanhSlope(ct.square(), x, y)),
    right: unary(tanh, tanhSlope),
    inputs: some,
  },
  {
    name: 'forward mode only',
    wrong: forward(1),
    right: forward(2),
    inputs: some,
  },
  {
    name: 'softmax without its sum',
    wrong: unary(
      (x) => x.softmax(1),
      (ct, _, y) => ct.mul(y).mul(y.neg().add(1)),
    ),
    right: unary(
      (x) => x.softmax(1),
      (ct, _, y) => y.mul(ct.sub(ct.mul(y).sum(1, { keepdim: true }))),
    ),
    inputs: some,
  },
  {
    name: 'the last element of a slice left out',
    wrong: differencesOf(1),
    right: differencesOf(2),
    inputs: some,
  },
  {
    name: 'a slope at a kink that is none of its sides',
    wrong: unary(
      (x) => x.relu(),
      (ct, x) => where(x.eq(0), ct.neg(), ct.mul(x.sign().relu())),
    ),
    right: unary(
      (x) => x.relu(),
      (ct, x) => ct.mul(x.sign().relu()),
    ),
    inputs: () => [leaf([0, 1, -2])],
  },
  {
    name: 'expanded cotangents only, as those of a sum',
    wrong: unary(tanh, (ct, x, y) => (isExpanded(ct) ? ct : tanhSlope(ct, x, y))),
    right: unary(tanh, tanhSlope),
    inputs: some,
  },
  {
    name: 'the small one of two outputs',
    wrong: unary(
      (x) => stack([x.mul(1e8), x.square()]),
      (ct, x) => ct.at(0).mul(1e8).add(ct.at(1).mul(x)) as Tensor,
    ),
    right: unary(
      (x) => stack([x.mul(1e8), x.square()]),
      (ct, x) => ct.at(0).mul(1e8).add(ct.at(1).mul(x).mul(2)) as Tensor,
    ),
    inputs: some,
  },
]

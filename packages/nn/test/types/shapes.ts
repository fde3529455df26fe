// What the compiler must accept, with the shapes it must find.
import { randn, zeros, type Shape, type Tensor } from '@gradtape/core'
import {
  Dense,
  Dropout,
  Flatten,
  functional as F,
  Identity,
  Module,
  ModuleList,
  Parameter,
  ReLU,
  Sequential,
  Softmax,
  Tanh,
  type Ruled,
  type ShapeRule,
} from '@gradtape/nn'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/** Demands that `x` is of type `T`, no wider and no narrower. */
function is<T>(): <X>(x: X, ...no: Equal<X, T> extends true ? [] : [never]) => void {
  return () => {}
}

declare const n: number
declare const unknownShape: Tensor
declare const sizes: number[]

const x = zeros([32, 2])
const dense = new Dense(2, 16)
is<Tensor<[32, 16]>>()(dense.forward(x))
is<Tensor<[16]>>()(dense.forward(zeros([2])))
is<Tensor<[4, 5, 16]>>()(dense.forward(zeros([4, 5, 2])))
is<Tensor<[number, 16]>>()(dense.forward(zeros([n, 2])))
is<Tensor<[3, 16]>>()(dense.forward(zeros([3, n])))
is<Tensor<[...number[], 16]>>()(dense.forward(unknownShape))
is<Tensor<[32, number]>>()(new Dense(n, n).forward(x))
is<Parameter<[16, 2]>>()(dense.weight)
is<Parameter<[16]> | null>()(dense.bias)

const model = new Sequential(
  new Dense(2, 16),
  new Tanh(),
  new Dropout({ p: 0.1 }),
  new Dense(16, 1),
)
is<Tensor<[32, 1]>>()(model.forward(x))
is<Tensor<[...number[], 1]>>()(model.forward(unknownShape))
is<Dense<2, 16>>()(model.at(0))
is<Tanh>()(model.at(1))
const nested = new Sequential(model, new ReLU(), new Dense(1, 4), new Softmax(-1), new Identity())
is<Tensor<[32, 4]>>()(nested.forward(x))
is<Tensor<[8, 10]>>()(new Sequential(new Dense(n, n), new Dense(64, 10)).forward(zeros([8, n])))
is<Tensor<[...number[], 10]>>()(
  new Sequential(new Flatten(), new Dense(784, 10)).forward(zeros([8, 28, 28])),
)
is<Tensor<[32, 2]>>()(new Sequential().forward(x))

// Layers that are not known one by one.
const layers: Module[] = sizes.map((size) => new Dense(size, size))
const dynamic = new Sequential(...layers)
const out: Tensor = dynamic.forward(x)
is<Module | undefined>()(dynamic.at(0))
const alike = new Sequential(...sizes.map((size) => new Dense(size, size)))
is<Dense<number, number> | undefined>()(alike.at(-1))

// Plain code, without a shape in sight.
class Net extends Module {
  readonly hidden = new Dense(2, 8)
  readonly out = new Dense(8, 1)
  readonly scale = new Parameter(randn([1]))
  readonly rest = new ModuleList([new Dense(1, 1)])

  forward(input: Tensor): Tensor {
    let y: Tensor = this.out.forward(this.hidden.forward(input).relu()).mul(this.scale)
    for (const layer of this.rest) y = layer.forward(y)
    return y
  }
}
class Pair extends Module {
  forward(a: Tensor, b: Tensor, options?: { mask?: Tensor }): [Tensor, Tensor] {
    return [a, options?.mask ?? b]
  }
}
function train(net: Module, input: Tensor, target: Tensor): number {
  const loss = F.mseLoss(net.forward(input), target)
  loss.backward()
  return loss.item()
}
train(new Net(), x, out)
train(model, x, out)
train(new Pair(), x, out)
const mixed = new Sequential(new Net(), new Dense(1, 4))
is<Tensor<[...number[], 4]>>()(mixed.forward(x))
const parameters: Tensor[] = mixed.parameters()
const isParameter: boolean = parameters[0] instanceof Parameter

// A layer of one's own with a rule.
interface HalvesRule extends ShapeRule {
  readonly out: this['in'] extends readonly [...infer B extends Shape, 8] ? [...B, 4] : this['in']
}
class Halves extends Module implements Ruled<HalvesRule> {
  declare readonly '~rule'?: HalvesRule
  forward(input: Tensor): Tensor {
    return input.narrow(-1, 0, input.size(-1) / 2)
  }
}
const halving = new Sequential(new Dense(2, 8), new Halves(), new Dense(4, 1))
const halved: Tensor = halving.forward(x)

export { halved, isParameter }

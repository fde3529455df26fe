import * as core from '../../../src/index.ts'
import type { Expr, Tensor } from '../../../src/index.ts'
import { forms, leaf, row, x, type Calls } from './forms.ts'

const f = (a: Tensor, b: Tensor): Tensor => a.mul(b).sum()
const tree = { w: row, list: [row, row] }

/** Gradients and transforms, and what other packages build on. */
export const transforms: Calls = {
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
  jvp: forms(
    (): [Tensor, Tensor] => core.jvp(f, [row, row], [row, row]),
    (): [typeof tree, typeof tree] => core.jvp((t: typeof tree) => t, [tree], [tree]),
  ),
  vjp: forms(
    (): [Tensor, Tensor] => core.vjp(f, row, row)[1](core.vjp(f, row, row)[0]),
    (): [typeof tree] => core.vjp((t: typeof tree) => t.list, tree)[1](tree.list),
  ),
  hvp: forms((): [Tensor, Tensor] => core.hvp(f, [row, row], [row, row])),
  jacobian: forms(
    (): Tensor => core.jacobian((a: Tensor) => a.mul(2))(row),
    (): Tensor => core.jacobian(f, { argnums: 1, mode: 'forward' })(row, row),
    (): Tensor => core.jacobian(f, { mode: 'reverse' })(row, row),
    (): [Tensor, Tensor] => core.jacobian(f, { argnums: [0, 1] })(row, row),
    (): { y: typeof tree } => core.jacobian((t: typeof tree) => ({ y: t.w.mul(t.list[0]!) }))(tree),
  ),
  hessian: forms(
    (): Tensor => core.hessian((a: Tensor) => a.pow(2).sum())(row),
    (): [[Tensor, Tensor], [Tensor, Tensor]] => core.hessian(f, { argnums: [0, 1] })(row, row),
  ),
  stopGradient: forms(
    (): Tensor => core.stopGradient(row),
    (): typeof tree => core.stopGradient(tree),
  ),
  noGrad: forms(
    (): Tensor => core.noGrad(() => x),
    (): string => core.noGrad(() => 'x'),
  ),
  enableGrad: forms((): Tensor => core.enableGrad(() => x)),
  record: forms(
    (): string => `${core.record(() => x.mul(2))}`,
    (): string => core.record(() => x.mul(2), { names: { x } }).toDot(),
    (): Tensor => core.record(() => x.mul(2)).value,
    (): string => core.record(() => x).compare(core.record(() => 1)),
    (): (readonly [string, string | undefined])[] =>
      core.record(() => x.exp()).lines.map(({ op, site }) => [op, site?.file] as const),
    (): number[] => core.record(() => leaf().exp()).kept.map(({ bytes }) => bytes),
  ),
  detectAnomaly: forms(
    (): Tensor => core.detectAnomaly(() => x),
    (): string => core.detectAnomaly(() => 'x'),
  ),
  isGradEnabled: forms((): boolean => core.isGradEnabled()),
  vmap: forms(
    (): Tensor => core.vmap(f)(x, x),
    (): Tensor => core.vmap(core.grad(f), { inDims: [null, 0] })(row, x),
    (): Tensor => core.vmap(core.vmap((a: Tensor) => a.sum()))(x),
    (): typeof tree => core.vmap((t: typeof tree) => t, { inDims: -1, outDims: -1 })(tree),
    (): Tensor => core.vmap((a: Tensor) => a.add(core.rand([3])), { randomness: 'same' })(x),
  ),
  checkpoint: forms(
    (): Tensor => core.checkpoint(f, row, row),
    (): typeof tree => core.checkpoint((t: typeof tree) => t, tree),
    (): Tensor => core.checkpoint((a: Tensor, by: number) => a.mul(by), row, 2),
  ),
  customOp: forms(
    (): Tensor => {
      const op = core.customOp({ forward: (a: Tensor) => a.neg(), vjp: (ct) => ct.neg() })
      return op(row)
    },
    (): Tensor => {
      const scaled = core.customOp({
        name: 'scaled',
        forward: (a: Tensor, b: Tensor, { by }: { by: number }) => a.mul(b).mul(by),
        vjp: (ct, { inputs: [, b], attributes: { by } }) => [ct.mul(b).mul(by), null],
        jvp: ([ta], { inputs: [, b], output, attributes: { by } }) =>
          ta.mul(b).mul(by).add(output.mul(0)),
      })
      return scaled(row, row, { by: 2 })
    },
  ),
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
  notice: forms(
    () => core.setNotices((message: string) => void message),
    () => core.notice('topic', () => 'a message'),
    () => core.setNotices(false),
    () => core.setNotices(true),
  ),
  mapTree: forms(
    (): typeof tree => core.mapTree(tree, (a) => a.neg()),
    (): Tensor[] => core.treeLeaves(tree),
  ),
  isTensor: forms((): boolean => core.isTensor(x)),
}

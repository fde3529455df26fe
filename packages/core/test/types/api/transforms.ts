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

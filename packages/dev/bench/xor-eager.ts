import { sub, tensor, type Tensor } from '@gradtape/core'
import { SGD } from '@gradtape/optim'
import type { Training } from './training.ts'
import type { XorStart } from './xor-by-hand.ts'

/** The same network and step in float64 tensors; every gradient comes from the tape. */
export class XorEager implements Training {
  readonly w1: Tensor
  readonly w2: Tensor
  private readonly x: Tensor
  private readonly y: Tensor
  private readonly optimizer: SGD

  constructor(start: XorStart) {
    this.x = tensor(start.x, { dtype: 'float64' })
    this.y = tensor(start.y, { dtype: 'float64' })
    this.w1 = tensor(start.w1, { dtype: 'float64', requiresGrad: true })
    this.w2 = tensor(start.w2, { dtype: 'float64', requiresGrad: true })
    this.optimizer = new SGD([this.w1, this.w2], { lr: start.lr })
  }

  step(): number {
    const { x, y } = this
    const out = this.w2.matmul(this.w1.matmul(x).sigmoid()).sigmoid()
    const likelihood = y.mul(out.log()).add(sub(1, y).mul(sub(1, out).log()))
    const loss = likelihood.mean().neg()
    this.optimizer.zeroGrad()
    loss.backward()
    this.optimizer.step()
    return loss.item()
  }
}

import { tensor, type Tensor } from '@gradtape/core'
import {
  Adadelta,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  NAdam,
  RAdam,
  RMSprop,
  SGD,
  type Optimizer,
} from '@gradtape/optim'

/** Those that take one step along the gradient; LBFGS calls its closure instead. */
export const optimizers = {
  SGD,
  Adam,
  AdamW,
  Adamax,
  NAdam,
  RAdam,
  RMSprop,
  Adagrad,
  Adadelta,
}

/** A float64 leaf that wants gradients. */
export const leaf = (values: number[] = [1, -2, 3]): Tensor =>
  tensor(values, { dtype: 'float64', requiresGrad: true })

/** One step down a bowl whose steepness differs by element and by parameter. */
export function descend(optimizer: Pick<Optimizer, 'zeroGrad' | 'step'>, params: Tensor[]): void {
  optimizer.zeroGrad()
  params.forEach((p, i) =>
    p
      .sub(0.5)
      .pow(2)
      .mul(i + 1)
      .sum()
      .backward(),
  )
  optimizer.step()
}

export const valuesOf = (params: Tensor[]): number[][] => params.map((p) => Array.from(p.data))

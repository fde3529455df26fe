import {
  isTensor,
  noGrad,
  scalar as s,
  stack,
  tensor,
  update,
  ValueError,
  zeros,
  type FloatDType,
  type Tensor,
} from '@gradtape/core'

/** What LBFGS keeps between steps, under PyTorch's names; vectors are flat, through all parameters. */
export interface LBFGSState {
  /** How often the closure has been called. */
  funcEvals: number
  /** How many iterations there have been. */
  nIter: number
  /** Where the last iteration went; not there before the first. */
  memory?: LBFGSMemory
}

/** What the last iteration left: nothing of it is ever changed. */
export interface LBFGSMemory {
  /** The direction, and how far along it. */
  readonly d: Tensor
  readonly t: number
  /** The last changes of the gradient, oldest first. */
  readonly oldDirs: readonly Tensor[]
  /** The last steps. */
  readonly oldStps: readonly Tensor[]
  /** One over the product of each pair. */
  readonly ro: readonly number[]
  /** The factor of the unit matrix that the approximation starts from. */
  readonly hDiag: number
  /** Gradient and loss before the iteration. */
  readonly prevFlatGrad: Tensor
  readonly prevLoss: number
}

/** The pairs of changes that approximate the inverse Hessian. */
export type Curvature = Pick<LBFGSMemory, 'oldDirs' | 'oldStps' | 'ro' | 'hDiag'>

const addScaled = update({
  name: 'LBFGS',
  targets: 1,
  sources: 1,
  build: (y, x, factor) => [s.add(y!, s.mul(factor!, x!))],
})

/** The pairs with the newest one, and without the oldest where there are too many. */
export function learned(memory: LBFGSMemory, grad: Tensor, historySize: number): Curvature {
  const y = grad.sub(memory.prevFlatGrad)
  const step = memory.d.mul(memory.t)
  const product = y.dot(step).item()
  // A pair along which the loss doesn't curve upwards would spoil the approximation.
  if (!(product > 1e-10)) return memory
  const last = <T>(list: readonly T[], item: T): T[] => [...list, item].slice(-historySize)
  return {
    oldDirs: last(memory.oldDirs, y),
    oldStps: last(memory.oldStps, step),
    ro: last(memory.ro, 1 / product),
    hDiag: product / y.dot(y).item(),
  }
}

/** The approximate inverse Hessian times the negative gradient, by two loops over the pairs. */
export function directionOf({ oldDirs, oldStps, ro, hDiag }: Curvature, grad: Tensor): Tensor {
  const q = grad.neg()
  const shares: number[] = []
  for (let i = ro.length - 1; i >= 0; i--) {
    const share = oldStps[i]!.dot(q).item() * ro[i]!
    shares[i] = share
    addScaled([q, oldDirs[i]!], [-share])
  }
  const d = q.mul(hDiag)
  for (let i = 0; i < ro.length; i++) {
    const share = oldDirs[i]!.dot(d).item() * ro[i]!
    addScaled([d, oldStps[i]!], [shares[i]! - share])
  }
  return d
}

type Saved = { readonly [field: string]: number | Tensor }

/** The state as numbers and tensors; lists are stacked. */
export function saveLBFGS({ funcEvals, nIter, memory }: LBFGSState): Saved {
  if (memory === undefined) return { funcEvals, nIter }
  const { d, oldDirs, oldStps, ro, prevFlatGrad, ...numbers } = memory
  const rows = (list: readonly Tensor[]): Tensor =>
    list.length === 0 ? zeros([0, d.numel], { dtype: d.dtype as FloatDType }) : stack([...list])
  return noGrad(() => ({
    funcEvals,
    nIter,
    ...numbers,
    d: d.clone(),
    oldDirs: rows(oldDirs),
    oldStps: rows(oldStps),
    ro: tensor([...ro], { dtype: 'float64' }),
    prevFlatGrad: prevFlatGrad.clone(),
  }))
}

const FIELDS = ['d', 't', 'oldDirs', 'oldStps', 'ro', 'hDiag', 'prevFlatGrad', 'prevLoss']

/**
 * Reads what {@link saveLBFGS} has made, for as many elements as `like` has and in its dtype.
 * @throws {ValueError} when it doesn't fit.
 */
export function readLBFGS(where: string, saved: unknown, like: Tensor): LBFGSState {
  if (typeof saved !== 'object' || saved === null) {
    throw new ValueError(`${where}: expected an object`)
  }
  const fields = saved as Record<string, unknown>
  const unknown = Object.keys(fields).find(
    (key) => key !== 'funcEvals' && key !== 'nIter' && !FIELDS.includes(key),
  )
  if (unknown !== undefined) {
    throw new ValueError(
      `${where}: '${unknown}' does not belong there; expected funcEvals, nIter, ${FIELDS.join(', ')}: was it saved by another optimizer?`,
    )
  }
  const count = (key: string): number => {
    const value = fields[key]
    if (Number.isInteger(value) && (value as number) >= 0) return value as number
    throw new ValueError(`${where}: ${key} must be a count, got ${String(value)}`)
  }
  const number = (key: string): number => {
    const value = fields[key]
    if (typeof value === 'number') return value
    throw new ValueError(`${where}: ${key} must be a number, got ${String(value)}`)
  }
  const shaped = (key: string, shape: readonly number[]): Tensor => {
    const value = fields[key]
    const seen = isTensor(value) ? `[${value.shape.join(', ')}]` : typeof value
    if (isTensor(value) && seen === `[${shape.join(', ')}]`) return value
    throw new ValueError(
      `${where}: ${key} must be a tensor of shape [${shape.join(', ')}], got ${seen}`,
    )
  }
  const state: LBFGSState = { funcEvals: count('funcEvals'), nIter: count('nIter') }
  if (FIELDS.every((key) => fields[key] === undefined)) return state
  const n = like.numel
  const pairs = isTensor(fields.ro) ? fields.ro.numel : 0
  const copy = (x: Tensor): Tensor => x.detach().clone().to(like.dtype)
  return noGrad(() => ({
    ...state,
    memory: {
      d: copy(shaped('d', [n])),
      t: number('t'),
      oldDirs: copy(shaped('oldDirs', [pairs, n])).unbind(),
      oldStps: copy(shaped('oldStps', [pairs, n])).unbind(),
      ro: Array.from(shaped('ro', [pairs]).data as Iterable<number>),
      hDiag: number('hDiag'),
      prevFlatGrad: copy(shaped('prevFlatGrad', [n])),
      prevLoss: number('prevLoss'),
    },
  }))
}

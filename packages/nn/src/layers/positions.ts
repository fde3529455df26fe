import { ShapeError, type Tensor } from '@gradtape/core'
import { checkFloat } from '../functional/checks.ts'
import type { Module } from '../module/module.ts'
import { showShape } from '../show-shape.ts'

/** A module that adds a row of a table to each place of a sequence. */
interface Encoding extends Module {
  readonly dModel: number
  readonly maxLength: number
  readonly batchFirst: boolean
}

/** `x` with the first rows of the table, `[maxLength, dModel]`, added at its times. */
export function addPositions(
  { dModel, maxLength, batchFirst, constructor }: Encoding,
  x: Tensor,
  table: Tensor,
): Tensor {
  const { shape, ndim } = checkFloat(constructor.name, 'input', x)
  const time = batchFirst && ndim === 3 ? 1 : 0
  if ((ndim !== 2 && ndim !== 3) || shape.at(-1) !== dModel || shape[time]! > maxLength) {
    const order = batchFirst ? '[batch, time' : '[time, batch'
    throw new ShapeError(
      `${constructor.name}: expected an input ${order}, ${dModel}], or [time, ${dModel}] of one sequence, of at most ${maxLength} times, got shape ${showShape(shape)}`,
    )
  }
  const rows: Tensor = table.narrow(0, 0, shape[time]!)
  return x.add(ndim === 3 && time === 0 ? rows.unsqueeze(1) : rows)
}

import { DTypeError, ShapeError } from '../errors.ts'
import { add } from '../ops/arithmetic.ts'
import { checkInteger, showShape, showValue } from '../shape.ts'
import { isTensor, type Tensor } from '../tensor.ts'
import { checkFloats, spatialSizes, type Rank } from './spatial.ts'
import { permuteBy, reshapeTo } from './structural.ts'
import type { Grid } from './windows.ts'

// What convolutions and their transposes have in common: filters and a bias that go with x, and groups
// of channels.

/** x, weight and, unless null, bias. */
type Operands = readonly [Tensor, Tensor, Tensor | null]

/** Arguments whose forms fit. */
interface Checked {
  /** Sizes of x and of the kernel. */
  readonly sizes: readonly number[]
  readonly kernel: readonly number[]
  readonly groups: number
}

/**
 * @throws {DTypeError | ShapeError | ValueError} unless x, weight and bias go together; channels of x
 * meet dim `meets` of the weight, and the other one of its first two gives those of the result.
 */
export function checkFilters(
  name: string,
  rank: Rank,
  [x, weight, bias]: Operands,
  groups: unknown,
  meets: 0 | 1,
): Checked {
  const sizes = spatialSizes(name, x, rank)
  checkFloats(name, weight)
  if (bias !== null && !isTensor(bias)) {
    throw new DTypeError(
      `${name}: bias must be a tensor or null, got ${showValue(bias)}` +
        (typeof bias === 'object' ? `; options come fourth: ${name}(x, weight, null, { … })` : ''),
    )
  }
  const other = [weight, bias].find((t) => t !== null && t.dtype !== x.dtype)
  if (other) {
    throw new DTypeError(
      `${name}: x is ${x.dtype}, ${other === weight ? 'weight' : 'bias'} ${other.dtype}; convert one with .to('${x.dtype}')`,
    )
  }
  const count = checkInteger(name, 'groups', groups, 1)
  const spatial = rank === 1 ? 'kernel' : 'kernel height, kernel width'
  const form =
    meets === 1
      ? `[out channels, channels / groups, ${spatial}]`
      : `[channels, out channels / groups, ${spatial}]`
  if (weight.ndim !== rank + 2 || weight.shape.slice(2).includes(0)) {
    throw new ShapeError(`${name}: expected weight ${form}, got ${showShape(weight.shape)}`)
  }
  const [first, second] = weight.shape as [number, number]
  const channels = x.shape.at(-1 - rank)!
  if (first % count !== 0) {
    throw new ShapeError(
      `${name}: groups ${count} don't divide the ${first} ${meets === 1 ? 'out channels' : 'channels'} of weight ${showShape(weight.shape)}`,
    )
  }
  const wanted = meets === 1 ? second * count : first
  if (channels !== wanted) {
    throw new ShapeError(
      `${name}: x of shape ${showShape(x.shape)} has ${channels} channels, weight ${showShape(weight.shape)}` +
        ` with groups ${count} takes ${wanted}; weight is ${form}`,
    )
  }
  const out = meets === 1 ? first : second * count
  if (bias !== null && (bias.ndim !== 1 || bias.numel !== out)) {
    throw new ShapeError(
      `${name}: expected bias of shape [${out}], one number for each out channel, got ${showShape(bias.shape)}`,
    )
  }
  return { sizes, kernel: weight.shape.slice(2), groups: count }
}

/** Applies `form` to stacks of groups and of examples, and adds the bias. */
export function filtered(
  [x, weight, bias]: Operands,
  grid: Grid,
  groups: number,
  form: (x: Tensor, weight: Tensor, grid: Grid) => Tensor,
): Tensor {
  const rank = grid.input.length
  const batched = x.ndim === rank + 2 ? x : reshapeTo(x, [1, ...x.shape])
  let out: Tensor
  if (groups === 1) {
    out = form(batched, weight, grid)
  } else {
    const [n, channels, ...sizes] = batched.shape as [number, number, ...number[]]
    const [first, ...rest] = weight.shape as [number, ...number[]]
    const grouped = reshapeTo(batched, [n, groups, channels / groups, ...sizes])
    const stacked = form(
      firstSwapped(grouped),
      reshapeTo(weight, [groups, first / groups, ...rest]),
      grid,
    )
    const [, , each, ...found] = stacked.shape as [number, number, number, ...number[]]
    const back = firstSwapped(stacked)
    out = reshapeTo(back, [n, groups * each, ...found])
  }
  if (bias !== null) out = add(out, reshapeTo(bias, [bias.numel, ...grid.input.map(() => 1)]))
  return x.ndim === rank + 2 ? out : reshapeTo(out, out.shape.slice(1))
}

/** The first two dims in each other's place. */
function firstSwapped(x: Tensor): Tensor {
  return permuteBy(x, [1, 0, ...x.shape.slice(2).map((_, d) => d + 2)])
}

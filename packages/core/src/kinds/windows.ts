import { backend, type Grid, type Windows } from '../backend.ts'
import { windows } from '../backends/windows.ts'
import { apply, linearly, over, using, type Op } from '../op.ts'
import { emptyOf, zerosOf, type Tensor } from '../tensor.ts'
import { contiguousOf } from './structural.ts'

export type { Grid } from '../backend.ts'

// Windows that slide over images, and adding them up where they overlap: each is the transpose of the
// other.

/** What computes them now. */
export function windowsNow(): Windows {
  return backend.windows ?? windows
}

const unfold: Op<Grid> = {
  name: 'unfold',
  kind: 'structural',
  forward([x], grid) {
    const { shape, ndim, dtype } = x!
    const front = shape.slice(0, ndim - grid.input.length)
    const out = emptyOf(dtype, [...front, ...grid.kernel, ...grid.output])
    windowsNow().unfold(contiguousOf(x!), grid, out)
    return out
  },
  rule: (_, grid) => using([], (ct) => folded(ct, grid)),
  push: linearly,
  batch: over((grid) => grid),
}

const fold: Op<Grid> = {
  name: 'fold',
  kind: 'structural',
  forward([x], grid) {
    const { shape, ndim, dtype } = x!
    const front = shape.slice(0, ndim - 2 * grid.input.length)
    const out = zerosOf(dtype, [...front, ...grid.input])
    windowsNow().fold(contiguousOf(x!), grid, out)
    return out
  },
  rule: (_, grid) => using([], (ct) => unfolded(ct, grid)),
  push: linearly,
  batch: over((grid) => grid),
}

/** `[…, input]` to `[…, kernel, output]`: each element of a window at each of its places. */
export function unfolded(x: Tensor, grid: Grid): Tensor {
  return apply(unfold, [x], grid)
}

/** The transpose of {@link unfolded}: `[…, kernel, output]` to `[…, input]`. */
export function folded(x: Tensor, grid: Grid): Tensor {
  return apply(fold, [x], grid)
}

const largest: Op<Grid> = {
  name: 'argMaxOfWindows',
  kind: 'indexing',
  forward([x], grid) {
    const front = x!.shape.slice(0, x!.ndim - grid.input.length)
    const out = emptyOf('int32', [...front, ...grid.output])
    windowsNow().argMaxOfWindows(contiguousOf(x!), grid, out)
    return out
  },
  rule: () => null,
  push: () => null,
  batch: over((grid) => grid),
}

/** Where the largest elements of windows stand among those of x: `[…, input]` to `[…, output]`. */
export function largestIn(x: Tensor, grid: Grid): Tensor {
  return apply(largest, [x], grid)
}

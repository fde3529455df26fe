import { backend, type Grid, type Windows } from '../backend.ts'
import { windows } from '../backends/windows.ts'
import { apply, linearly, OUT, over, using, type Op, type Rule } from '../op.ts'
import { numelOf } from '../shape.ts'
import type { Storage } from '../storage.ts'
import { emptyOf, zerosOf, type Tensor } from '../tensor.ts'
import { gatherFrom, scatterSum } from './indexing.ts'
import { contiguousOf, reshapeTo } from './structural.ts'

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

const places: Op<Grid> = {
  name: 'argMaxOfWindows',
  kind: 'indexing',
  forward: ([x], grid) => maximaOf(x!, grid).places,
  rule: () => null,
  push: () => null,
  batch: over((grid) => grid),
}

const maxima: Op<Grid> = {
  name: 'maxOfWindows',
  kind: 'indexing',
  forward([x], grid) {
    const found = maximaOf(x!, grid)
    known.set(found.values.storage, found.places)
    return found.values
  },
  rule: () => maximaRule,
  push: (_, tangent, [x], out, grid) => {
    const { dim, flat } = flattening(x!, grid)
    const picked = gatherFrom(flat(tangent), dim, flat(placesIn(x!, out, grid)))
    return reshapeTo(picked, out.shape)
  },
  batch: over((grid) => grid),
}

const maximaRule: Rule<Grid> = using([0, OUT], (ct, [x, out], { attributes: grid, shape }) => {
  const { dim, flat } = flattening(x, grid)
  const sizes = [...shape.slice(0, dim), numelOf(grid.input)]
  return reshapeTo(scatterSum(flat(ct), flat(placesIn(x, out, grid)), dim, sizes), shape)
})

/** Where elements stood that were found, by the memory that holds them: who has that needn't look again. */
const known = new WeakMap<Storage, Tensor>()

/** Where the largest elements stand, counted through the input's sizes. */
function placesIn(x: Tensor, out: Tensor, grid: Grid): Tensor {
  return known.get(out.storage) ?? apply(places, [x], grid)
}

function maximaOf(x: Tensor, grid: Grid): { values: Tensor; places: Tensor } {
  const front = x.shape.slice(0, x.ndim - grid.input.length)
  const shape = [...front, ...grid.output]
  const found = { values: emptyOf(x.dtype, shape), places: emptyOf('int32', shape) }
  windowsNow().maxOfWindows(contiguousOf(x), grid, found.values, found.places)
  return found
}

/** The spatial dims as one. */
function flattening(x: Tensor, grid: Grid): { dim: number; flat: (y: Tensor) => Tensor } {
  const dim = x.ndim - grid.input.length
  const flat = (y: Tensor): Tensor =>
    reshapeTo(y, [...y.shape.slice(0, dim), numelOf(y.shape.slice(dim))])
  return { dim, flat }
}

/** The largest elements of windows, the first of equal ones, NaN over all: `[…, input]` to `[…, output]`. */
export function largestIn(x: Tensor, grid: Grid): Tensor {
  return apply(maxima, [x], grid)
}

import { castTo } from '../kinds/cast.ts'
import { fullOf } from '../kinds/creation.ts'
import { recurrenceOf } from '../kinds/recurrence.ts'
import { alongDim, type AlongDim } from '../kinds/reductions.ts'
import { expandTo } from '../kinds/spread.ts'
import { embedIn, reshapeTo, sliceOf } from '../kinds/structural.ts'
import type { Tensor } from '../tensor.ts'

function cumulative(name: string, compute: (x: Tensor, dim: number) => Tensor): AlongDim {
  return alongDim({
    name,
    compute(x, [dim = 0]) {
      const numbers = x.dtype === 'bool' ? castTo(x, 'int32') : x
      const line = x.ndim === 0 ? reshapeTo(numbers, [1]) : numbers
      return reshapeTo(compute(line, dim), x.shape)
    },
  })
}

/** Sums along a dim: `out[i] = x[0] + … + x[i]`. Of bools, how many are true so far. */
export const cumsum: AlongDim = cumulative('cumsum', (x, dim) =>
  recurrenceOf(expandTo(fullOf([], 1, x.dtype), x.shape), x, dim, false),
)

/**
 * Products along a dim: `out[i] = x[0] · … · x[i]`; of bools int32. Its gradients divide by nothing,
 * so zeros are as good as other numbers.
 */
export const cumprod: AlongDim = cumulative('cumprod', (x, dim) => {
  const first = { dim, start: 0, length: Math.min(1, x.shape[dim]!), step: 1 }
  return recurrenceOf(x, embedIn(sliceOf(x, first), first, x.shape), dim, false)
})

import { slice, type FloatDType, type Shape, type Tensor } from '@gradtape/core'
import { Samples } from '../ops/samples.ts'

type Domain = readonly [low: number, high: number]

/** About how many elements tensors have: kernels for many begin at 1,024. */
const ELEMENTS = [1027, 1300, 1539, 2050]

/** Ways to lie in memory, as views that are taken of another tensor; the plain one as often as all others. */
const layouts = ['offset', 'transposed', 'strided', 'one for a dim', 'one for all'] as const

/** Draws the arguments of the op table, large ones, lying in memory in any way. */
export class LargeSamples extends Samples {
  readonly #dtype: FloatDType
  readonly #elements: number

  constructor(dtype: FloatDType, seed: number) {
    super(dtype, seed)
    this.#dtype = dtype
    this.#elements = this.pick(ELEMENTS)
  }

  /** Of rows long and short, with sizes of 1, too. */
  override shape(least = 0, most: number = Math.max(3, least)): Shape {
    const ndim = this.int(Math.max(1, least), Math.max(1, most))
    const shape = new Array<number>(ndim).fill(1)
    let left = this.#elements
    for (let d = ndim - 1; d > 0; d--) {
      shape[d] = Math.min(left, this.pick([1, 3, 4, 17, 33, 64, 130, left]))
      left = Math.ceil(left / shape[d]!)
    }
    shape[0] = left
    return this.int(0, 1) === 0 ? shape : shape.toReversed()
  }

  override number(domain?: Domain): number {
    const value = super.number(domain)
    return this.#dtype === 'float32' ? Math.fround(value) : value
  }

  override real(shape: Shape, domain?: Domain): Tensor {
    const base = (of: Shape): Tensor => super.real(of, domain)
    const ndim = shape.length
    if (ndim === 0 || this.int(0, 1) === 0) return base(shape)
    const dim = this.int(0, ndim - 1)
    switch (this.pick(layouts)) {
      case 'offset':
        return base([shape[0]! + 2, ...shape.slice(1)]).narrow(0, 1, shape[0]!)
      case 'transposed': {
        const order = shape.map((_, d) => ndim - 1 - d)
        return base(shape.toReversed()).permute(order)
      }
      case 'strided':
        return base(shape.with(ndim - 1, 2 * shape[ndim - 1]!)).at('...', slice(1, null, 2))
      case 'one for a dim':
        return base(shape.with(dim, 1)).expand([...shape])
      case 'one for all':
        return base([]).expand([...shape])
    }
  }
}

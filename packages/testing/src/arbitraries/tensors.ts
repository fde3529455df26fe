import { tensor, type DType, type Tensor } from '@gradtape/core'
import fc from 'fast-check'
import { shapes } from './shapes.ts'
import { values, type Domain } from './values.ts'
import { views, viewThrough, type View } from './views.ts'

export interface TensorsConstraints {
  /** The shape; any small one unless given. */
  readonly shape?: readonly number[]
  /** float64 unless given. */
  readonly dtype?: DType
  /** The values: [-3, 3] unless given. int32 takes the integers of it; bool is not asked. */
  readonly domain?: Domain
  /** Whether `base` is a leaf that requires gradients; false unless given. */
  readonly requiresGrad?: boolean
}

/** A tensor in some layout. */
export interface DrawnTensor {
  readonly x: Tensor
  /** The contiguous tensor that `x` is a view of, or is. */
  readonly base: Tensor
  readonly view: View
  /** `x` as JavaScript, to paste. */
  readonly code: string
}

/** Tensors in any layout: contiguous, transposed, narrowed, expanded; empty and 0-d ones, too. */
export function tensors(constraints: TensorsConstraints = {}): fc.Arbitrary<DrawnTensor> {
  const { shape, dtype = 'float64', domain, requiresGrad = false } = constraints
  const some = shape === undefined ? shapes() : fc.constant([...shape])
  return some.chain(views).chain((view) => {
    const count = view.base.reduce((product, size) => product * size, 1)
    return elements(count, dtype, domain).map((data): DrawnTensor => {
      const base = tensor(data, { shape: [...view.base], dtype, requiresGrad }) as Tensor
      return { x: viewThrough(base, view), base, view, code: codeOf(data, dtype, view) }
    })
  })
}

function elements(
  count: number,
  dtype: DType,
  domain: Domain | undefined,
): fc.Arbitrary<number[]> {
  const list = { minLength: count, maxLength: count }
  if (dtype === 'bool') return fc.array(fc.nat(1), list)
  if (dtype !== 'int32') return values(count, domain)
  const [min, max] = domain ?? [-3, 3]
  return fc.array(fc.integer({ min: Math.ceil(min), max: Math.floor(max) }), list)
}

function codeOf(data: readonly number[], dtype: DType, { base, steps }: View): string {
  const made = `tensor([${data.join(', ')}], { shape: [${base.join(', ')}], dtype: '${dtype}' })`
  return made + steps.map((step) => step.code).join('')
}

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
  /** The values: from [-3, 3] unless given, for uint8 [0, 3]. Integers take its integers; bool takes no domain. */
  readonly domain?: Domain
}

/** What a tensor is made from: elements in row-major order, and the view that is taken of them. */
export interface TensorRecipe {
  readonly data: readonly number[]
  readonly dtype: DType
  readonly view: View
}

/** Tensors in any layout: contiguous, transposed, narrowed, expanded; empty and 0-d ones, too. */
export function tensors(constraints: TensorsConstraints = {}): fc.Arbitrary<Tensor> {
  return recipes(constraints).map((recipe) => viewThrough(baseOf(recipe), recipe.view))
}

/** The same before any is made: each run of a test can make its own, which the test may change. */
export function recipes(constraints: TensorsConstraints = {}): fc.Arbitrary<TensorRecipe> {
  const { shape, dtype = 'float64', domain } = constraints
  const some = shape === undefined ? shapes() : fc.constant([...shape])
  return some.chain(views).chain((view) =>
    elements(
      view.base.reduce((product, size) => product * size, 1),
      dtype,
      domain,
    ).map((data) => ({ data, dtype, view })),
  )
}

/** The contiguous tensor that a recipe takes a view of. */
export function baseOf({ data, dtype, view }: TensorRecipe, requiresGrad = false): Tensor {
  return tensor(data, { shape: [...view.base], dtype, requiresGrad }) as Tensor
}

/** The tensor as JavaScript, to paste. */
export function codeOf({ data, dtype, view: { base, steps } }: TensorRecipe): string {
  const made = `tensor([${data.join(', ')}], { shape: [${base.join(', ')}], dtype: '${dtype}' })`
  return made + steps.map((step) => step.code).join('')
}

function elements(count: number, dtype: DType, domain: Domain | undefined): fc.Arbitrary<number[]> {
  const list = { minLength: count, maxLength: count }
  if (dtype === 'bool') return fc.array(fc.nat(1), list)
  if (!['int32', 'int64', 'uint8'].includes(dtype)) return values(count, domain)
  const [min, max] = domain ?? [dtype === 'uint8' ? 0 : -3, 3]
  return fc.array(fc.integer({ min: Math.ceil(min), max: Math.floor(max) }), list)
}

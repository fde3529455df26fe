import type { Key, Sampler, Shape, Tensor } from '@gradtape/core'
import fc from 'fast-check'
import { broadcastableTo } from './arbitraries/broadcastable.ts'
import { shapes } from './arbitraries/shapes.ts'
import { baseOf, codeOf, recipes, type TensorRecipe } from './arbitraries/tensors.ts'
import { values, type Domain } from './arbitraries/values.ts'
import { viewThrough } from './arbitraries/views.ts'
import { argumentsCode } from './code.ts'
import { drawKeys } from './keys.ts'

/** The size of a dim and the number of elements; small, as each element is differentiated by. */
const LONGEST = 9
const LARGEST = 12

/** Draws the arguments of one case, and remembers what they were made from. */
export class CaseSampler implements Sampler {
  /** The leaves under the tensors that are differentiated. */
  readonly leaves: Tensor[] = []
  /** Whether a tensor stands in several places. */
  repeats = false
  readonly #gen: fc.GeneratorValue
  readonly #reals: { x: Tensor; shape: Shape; domain: Domain }[] = []
  readonly #recipes = new Map<Tensor, TensorRecipe>()

  constructor(gen: fc.GeneratorValue) {
    this.#gen = gen
  }

  shape(least = 0, most: number = Math.max(3, least)): Shape {
    const size = { minDims: least, maxDims: most, maxSize: LONGEST, maxElements: LARGEST }
    return this.#gen(shapes, size)
  }

  filled(least = 0, most: number = Math.max(3, least)): Shape {
    const size = { minDims: least, maxDims: most, maxSize: LONGEST, maxElements: LARGEST }
    return this.#gen(shapes, { ...size, minSize: 1 })
  }

  broadcastable(shape: Shape): Shape {
    return this.#gen(broadcastableTo, shape)
  }

  int(low: number, high: number): number {
    return this.#gen(fc.integer, { min: low, max: high })
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)]!
  }

  number(domain: Domain = [-3, 3]): number {
    return this.#gen(values, 1, domain)[0]!
  }

  real(shape: Shape, domain: Domain = [-3, 3]): Tensor {
    const alike = this.#reals.filter(
      (real) => String(real.shape) === String(shape) && String(real.domain) === String(domain),
    )
    if (alike.length > 0 && this.int(0, 3) === 3) {
      this.repeats = true
      return this.pick(alike).x
    }
    const recipe = this.#gen(recipes, { shape, domain })
    const base = baseOf(recipe, true)
    this.leaves.push(base)
    const x = this.#remember(viewThrough(base, recipe.view), recipe)
    this.#reals.push({ x, shape, domain })
    return x
  }

  index(shape: Shape, below: number): Tensor {
    const recipe = this.#gen(recipes, { shape, dtype: 'int32', domain: [0, below - 1] })
    return this.#remember(viewThrough(baseOf(recipe), recipe.view), recipe)
  }

  keys(shape: Shape): readonly Key[] {
    return drawKeys(this, shape)
  }

  mask(shape: Shape): Tensor {
    const recipe = this.#gen(recipes, { shape, dtype: 'bool' })
    return this.#remember(viewThrough(baseOf(recipe), recipe.view), recipe)
  }

  /** Where the elements of a differentiated tensor were drawn from. */
  domainOf(x: Tensor): Domain | undefined {
    return this.#reals.find((real) => real.x === x)?.domain
  }

  /** A call with drawn arguments, as JavaScript to paste. */
  code(name: string, args: readonly unknown[]): string {
    const names = new Map([...this.#recipes.keys()].map((x, i) => [x, `x${i}`]))
    const made = [...this.#recipes].map(
      ([x, recipe]) => `const ${names.get(x)} = ${codeOf(recipe)}`,
    )
    const nameOf = (x: Tensor): string => names.get(x) ?? '(a tensor)'
    return [...made, `${name}(${argumentsCode(args, nameOf)})`].join('\n')
  }

  #remember(x: Tensor, recipe: TensorRecipe): Tensor {
    this.#recipes.set(x, recipe)
    return x
  }
}

import { expect, it } from 'vitest'
import * as core from '../../src/index.ts'

/** Core as JavaScript calls it: most of these mistakes don't compile. */
export const js = core as unknown as Record<string, (...args: any[]) => any>

/** Tensors that a mistake might spoil. */
type World = Record<string, any>

function world(): World {
  const { tensor } = core
  const leaf = tensor([1, 2, 3], { requiresGrad: true })
  leaf.mul(5).sum().backward()
  return {
    leaf,
    matrix: tensor([[1, 2, 3], [4, 5, 6]]), // prettier-ignore
    vector: tensor([1, 2]),
    cubes: core.zeros([2, 3, 4]),
    ints: tensor([1, 2, 3], { dtype: 'int32' }),
    mask: tensor([true, false, true]),
    nothing: core.zeros([0, 3]),
    one: tensor(1),
  }
}

const generator = core.manualSeed(3)

function stateOf(tensors: World): unknown {
  const each = Object.entries(tensors as Record<string, core.Tensor>).map(([name, x]) => [
    name,
    x.toArray(),
    [...x.shape],
    x.storage.version,
    x.requiresGrad,
    x.grad?.toArray() ?? null,
  ])
  return [each, core.isGradEnabled(), core.getDefaultDtype(), generator.getState()]
}

type Mistake = readonly [
  title: string,
  type: new (message: string) => Error,
  message: RegExp,
  make: (w: World) => unknown,
]

/** Each mistake throws its typed error, whose message says what was seen, and leaves all as it was. */
export function refuses(mistakes: readonly Mistake[]): void {
  it.each(mistakes)('%s', (_, type, message, make) => {
    const tensors = world()
    const before = stateOf(tensors)
    let thrown: unknown
    try {
      make(tensors)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(type)
    expect(thrown).toBeInstanceOf(core.GradtapeError)
    expect((thrown as Error).message).toMatch(message)
    expect((thrown as Error).name).toBe(type.name)
    expect(stateOf(tensors)).toEqual(before)
  })
}

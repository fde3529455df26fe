import {
  gradients,
  isGradEnabled,
  manualSeed,
  randn,
  ShapeError,
  tensor,
  ValueError,
  zeros,
  type Tensor,
} from '@gradtape/core'
import {
  BatchNorm1d,
  Dense,
  Dropout,
  Embedding,
  LSTM,
  Module,
  Parameter,
  ReLU,
  Sequential,
  summary,
  Tanh,
} from '@gradtape/nn'
import { beforeEach, describe, expect, test } from 'vitest'

beforeEach(() => void manualSeed(8))

describe('summary', () => {
  test('prints layers, shapes and numbers in columns', () => {
    const inner = new Sequential(new Dense(10, 1000), new ReLU())
    inner.requiresGrad_(false)
    const model = new Sequential(inner, new Dense(1000, 3, { bias: false }))
    const table = [
      'Layer           Output shape  Parameters  Trainable   Bytes',
      'Sequential      [7, 3]                 0          0       0',
      '  0: Sequential [7, 1000]              0          0       0',
      '    0: Dense    [7, 1000]         11,000          0  44,000',
      '    1: ReLU     [7, 1000]              0          0       0',
      '  1: Dense      [7, 3]             3,000      3,000  12,000',
      'Total                             14,000      3,000  56,000',
    ].map((line) => line.replace(/^(.{15}) /, '$1  '))
    const found = summary(model, [7, 10])
    expect(String(found).split('\n')).toEqual(table)
    // What Node's console asks for.
    const shown = Reflect.get(found, Symbol.for('nodejs.util.inspect.custom')) as () => string
    expect(shown.call(found)).toBe(String(found))
    expect([found.parameters, found.trainable, found.bytes]).toEqual([14_000, 3000, 56_000])
  })

  test('counts what is shared once, and own parameters apart from those within', () => {
    class Tied extends Module {
      readonly embedding = new Embedding(9, 4)
      readonly scale = new Parameter(zeros([2], { dtype: 'float64' }))
      readonly again = this.embedding
      readonly out = new Dense(4, 9, { bias: false })
      readonly unused = new Dense(2, 1)

      constructor() {
        super()
        ;(this.out as { weight: Parameter }).weight = this.embedding.weight
      }

      forward(index: Tensor): { logits: Tensor; both: [Tensor, Tensor] } {
        const x = this.again.forward(this.embedding.forward(index).sum(-1).to('int32').mul(0))
        const logits = this.out.forward(x)
        return { logits, both: [x.sum(), this.scale] }
      }
    }
    const { rows, ...total } = summary(new Tied(), [5], { dtype: 'int32' })
    expect(rows.map(({ name, type, depth }) => [name, type, depth])).toEqual([
      ['', 'Tied', 0],
      ['embedding', 'Embedding', 1],
      ['out', 'Dense', 1],
      ['unused', 'Dense', 1],
    ])
    expect(rows.map(({ parameters, bytes }) => [parameters, bytes])).toEqual([
      [2, 16],
      [36, 144],
      [0, 0],
      [3, 12],
    ])
    expect(rows.map(({ outputShapes }) => outputShapes)).toEqual([
      [[5, 9], [], [2]],
      [[5, 4]],
      [[5, 9]],
      null,
    ])
    expect(total).toMatchObject({ parameters: 41, trainable: 41, bytes: 172 })
  })

  test("takes several inputs, of the model's dtype unless told", () => {
    class Pair extends Module {
      readonly layer = new LSTM(3, 4, { dtype: 'float64' })
      readonly seen: string[] = []
      forward(a: Tensor, b: Tensor): unknown {
        this.seen.push(a.dtype, b.dtype)
        return this.layer.forward(a.add(b))
      }
    }
    const model = new Pair()
    const shapes = [[5, 2, 3], [3]]
    expect(String(summary(model, shapes))).toContain('[5, 2, 4], [1, 2, 4], [1, 2, 4]')
    summary(model, shapes, { dtype: ['float64', 'int32'] })
    expect(model.seen).toEqual(['float64', 'float64', 'float64', 'int32'])
    expect(summary(new Tanh(), []).rows[0].outputShapes).toEqual([[]])
    expect(summary(new Tanh(), [0, 2]).rows[0].outputShapes).toEqual([[0, 2]])
  })
})

describe('a model is left as it was', () => {
  /** Writes over all that it has, and throws if told to. */
  class Careless extends Module {
    readonly inner = new Sequential(new Dense(2, 2), new Dropout())
    readonly norm = new BatchNorm1d(2)
    readonly weight = new Parameter(tensor([1, NaN]))
    count = this.registerBuffer('count', tensor([0]))
    readonly modes: boolean[] = []
    throws = false

    forward(x: Tensor): Tensor {
      this.modes.push(this.training, this.inner.training, isGradEnabled())
      const y = this.norm.forward(this.inner.forward(x))
      this.weight.detach().mul_(2)
      this.count = this.count.add(1)
      if (this.throws) throw new ShapeError('on purpose')
      return y
    }
  }

  function make(): Careless {
    const model = new Careless().train()
    model.inner.eval()
    model.norm.forward(randn([6, 2]))
    model.inner.registerForwardHook(() => undefined)
    return model
  }

  function messageOf(call: () => unknown): string | null {
    try {
      call()
      return null
    } catch (error) {
      return (error as Error).message
    }
  }

  const forwardsOf = (model: Module): unknown[] =>
    model.modules().map((module) => Object.getOwnPropertyDescriptor(module, 'forward'))
  const stateOf = (model: Module): unknown =>
    Object.entries(model.stateDict()).map(([key, value]) => [key, value.toArray()])

  test.each([false, true])('when its forward throws: %s', (throws) => {
    const model = make()
    model.throws = throws
    const before = { state: stateOf(model), forwards: forwardsOf(model), count: model.count }
    expect(messageOf(() => summary(model, [4, 2]))).toBe(throws ? 'on purpose' : null)
    expect(model.modes).toEqual([false, false, false])
    expect(stateOf(model)).toEqual(before.state)
    expect(forwardsOf(model)).toEqual(before.forwards)
    expect(model.count).toBe(before.count)
    expect(model.modules().map(({ training }) => training)).toEqual([
      true,
      false,
      false,
      false,
      true,
    ])
    expect(model.parameters().every(({ grad }) => grad === null)).toBe(true)
  })

  test('a tape that waits for its parameters still may use them', () => {
    const model = new Sequential(new Dense(2, 2), new BatchNorm1d(2))
    const x = randn([3, 2], { requiresGrad: true })
    const loss = model.forward(x).square().sum()
    summary(model, [3, 2])
    expect(gradients(loss, [x])[0].shape).toEqual([3, 2])
  })

  test('hooks run, and what they replace is seen by those outside only', () => {
    const model = new Sequential(new Dense(2, 2), new Tanh())
    model[0]!.registerForwardHook((_, __, output: Tensor) => output.sum(-1))
    const rows = summary(model, [3, 2]).rows.map(({ outputShapes }) => outputShapes)
    expect(rows).toEqual([[[3]], [[3]], [[3]]])
  })
})

test('refuses what is no model, shape or dtype', () => {
  const model = new Dense(2, 1)
  expect(() => summary('model' as never, [2])).toThrow(/^summary: expected a module.*string/)
  expect(() => summary(model, 2 as never)).toThrow(ValueError)
  for (const shape of [[-1, 2], [1.5, 2], [NaN], [[1, 2], 2], [[1, -2]]]) {
    expect(() => summary(model, shape as never)).toThrow(/^summary: each size of an input must/)
  }
  expect(() => summary(model, [1, 2], { dtypes: 'int32' } as never)).toThrow(/'dtypes'/)
  expect(() => summary(model, [1, 2], { dtype: ['int32', 'int32'] })).toThrow(
    'got 2 dtypes for 1 inputs',
  )
  expect(() => summary(model, [1, 3])).toThrow(/Dense\(2, 1\)/)
})

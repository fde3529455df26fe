import * as core from '@gradtape/core'
import { tensor, ValueError, type Tensor } from '@gradtape/core'
import * as nn from '@gradtape/nn'
import { describe, expect, test } from 'vitest'

const x = tensor([[-4, -1, -0.3], [0.2, 0.9, 7]], { dtype: 'float64' }) // prettier-ignore

/** Each module beside the op that it stands for. */
const cases: [nn.Module, Tensor, string][] = [
  [new nn.ReLU(), core.relu(x), 'ReLU()'],
  [new nn.ReLU6(), core.relu6(x), 'ReLU6()'],
  [new nn.LeakyReLU(), core.leakyRelu(x, 0.01), 'LeakyReLU(negativeSlope=0.01)'],
  [
    new nn.LeakyReLU({ negativeSlope: 0.3 }),
    core.leakyRelu(x, 0.3),
    'LeakyReLU(negativeSlope=0.3)',
  ],
  [new nn.ELU(), core.elu(x, 1), 'ELU(alpha=1)'],
  [new nn.ELU({ alpha: 2 }), core.elu(x, 2), 'ELU(alpha=2)'],
  [new nn.SELU(), core.selu(x), 'SELU()'],
  [new nn.GELU(), core.gelu(x), "GELU(approximate='none')"],
  [
    new nn.GELU({ approximate: 'tanh' }),
    core.gelu(x, { approximate: 'tanh' }),
    "GELU(approximate='tanh')",
  ],
  [new nn.SiLU(), core.silu(x), 'SiLU()'],
  [new nn.Mish(), core.mish(x), 'Mish()'],
  [new nn.Softplus(), core.softplus(x), 'Softplus(beta=1, threshold=20)'],
  [
    new nn.Softplus({ beta: 3, threshold: 2 }),
    core.softplus(x, { beta: 3, threshold: 2 }),
    'Softplus(beta=3, threshold=2)',
  ],
  [new nn.Softsign(), core.softsign(x), 'Softsign()'],
  [new nn.Hardtanh(), core.hardtanh(x), 'Hardtanh(minVal=-1, maxVal=1)'],
  [
    new nn.Hardtanh({ minVal: -2, maxVal: 0.5 }),
    core.hardtanh(x, { minVal: -2, maxVal: 0.5 }),
    'Hardtanh(minVal=-2, maxVal=0.5)',
  ],
  [new nn.Hardsigmoid(), core.hardsigmoid(x), 'Hardsigmoid()'],
  [new nn.Hardswish(), core.hardswish(x), 'Hardswish()'],
  [new nn.LogSigmoid(), core.logSigmoid(x), 'LogSigmoid()'],
  [new nn.Sigmoid(), core.sigmoid(x), 'Sigmoid()'],
  [new nn.Tanh(), core.tanh(x), 'Tanh()'],
  [new nn.Softmax(0), core.softmax(x, 0), 'Softmax(dim=0)'],
  [new nn.Softmax(-1), core.softmax(x, 1), 'Softmax(dim=-1)'],
  [new nn.LogSoftmax(1), core.logSoftmax(x, 1), 'LogSoftmax(dim=1)'],
]

describe('activation modules', () => {
  test.each(cases)('%#: the op of the same name', (module, expected, printed) => {
    expect(module.forward(x).toArray()).toEqual(expected.toArray())
    expect(module.toString()).toBe(printed)
    expect(module.parameters()).toEqual([])
  })

  test('every activation of core has one', () => {
    const names = new Set(cases.map(([module]) => module.constructor.name.toLowerCase()))
    const ops = `elu gelu hardsigmoid hardswish hardtanh leakyRelu logSigmoid logSoftmax mish relu
      relu6 selu sigmoid silu softmax softplus softsign tanh`.split(/\s+/)
    expect([...names].toSorted()).toEqual(ops.map((op) => op.toLowerCase()))
  })

  test('bad options are refused', () => {
    expect(() => new nn.Hardtanh({ minVal: 1, maxVal: 1 })).toThrow(ValueError)
    expect(() => new nn.Softmax(undefined as never)).toThrow(/Softmax.*dim/)
    expect(() => new nn.LogSoftmax(0.5)).toThrow(ValueError)
    expect(() => new nn.GELU({ approximate: 'sigmoid' as never }).forward(x)).toThrow(ValueError)
  })
})

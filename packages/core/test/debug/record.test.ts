import { describe, expect, test } from 'vitest'
import {
  asCall,
  checkpoint,
  grad,
  noGrad,
  ones,
  record,
  tensor,
  vmap,
  zeros,
  type Tensor,
} from '../../src/index.ts'

const leaf = (): Tensor => tensor([[1, 2]], { requiresGrad: true })

/** The places in the text, whose numbers change with this file, as one. */
const withoutSites = (text: string): string => text.replace(/ {2}at \S+:\d+/g, '  at HERE')

describe('a tape', () => {
  test('prints what was executed as a program', () => {
    const w = leaf()
    const x = ones([3, 1])
    const tape = record(() => x.matmul(w).tanh().sum().backward(), { names: { w, x } })
    expect(withoutSites(`${tape}`).split('\n')).toEqual(EXPECTED)
    expect(tape.lines.map(({ op }) => op)).toEqual(
      'input leaf matmul tanh sum full expand tanhBackward matmul'.split(' '),
    )
    expect(tape.lines.map(({ phase }) => phase[0]).join('')).toBe('iiffffbbb')
    expect(w.grad).not.toBe(null)
  })

  test('says of each line what it is made of, keeps and belongs to', () => {
    const x = leaf()
    const { lines } = record(() => x.mul(x).sum().backward(), { names: { x } })
    const [input, mul, sum, seed, expanded, left, right, total] = lines
    expect(input).toMatchObject({ op: 'leaf', phase: 'input', label: 'x', shape: [1, 2], bytes: 0 })
    expect(mul).toMatchObject({
      operands: [0, 0],
      keeps: [0],
      bytes: 8,
      dtype: 'float32',
      of: null,
    })
    expect(sum).toMatchObject({ operands: [1], attributes: 'dims: [0, 1], keepdim: false' })
    expect(seed).toMatchObject({ op: 'full', phase: 'forward' })
    expect([expanded.of, left.of, right.of]).toEqual([2, 1, 1])
    expect([expanded.bytes, left.bytes]).toEqual([0, 8])
    expect(total.op).toBe('add')
  })

  test('knows the line that called', () => {
    const here = (): number =>
      Number([...new Error().stack!.matchAll(/record\.test\.ts:(\d+)/g)][1][1])
    let line = 0
    const { lines } = record(() => {
      line = here() + 1
      return leaf().relu()
    })
    expect(lines[1].site).toMatchObject({ line })
    expect(lines[1].site!.file).toMatch(/record\.test\.ts$/)
  })

  test('shows the ops of one function as called where that function was', () => {
    const x = leaf()
    const { lines } = record(() => {
      const y = asCall('outer', () => asCall('inner', () => x.exp()).neg())
      return [y, x.logsumexp(1), x.relu()]
    })
    const ops = lines.filter(({ phase }) => phase === 'forward')
    expect(ops.map(({ within }) => within)).toEqual([
      'outer',
      'outer',
      ...ops.slice(2, -1).map(() => 'logsumexp'),
      null,
    ])
    expect(ops[0].site).toEqual(ops[1].site)
    expect(ops.at(-1)!.site!.line).toBe(ops[0].site!.line + 1)
    expect(() => record(() => asCall('failing', () => x.reshape([7])))).toThrow('reshape')
    expect(record(() => x.exp()).lines[1].within).toBe(null)
  })

  test('lists the memory that backward passes need, the largest first', () => {
    const w = leaf()
    const x = ones([100, 1])
    const tape = record(() => {
      const y = x.matmul(w)
      return y.mul(y).sum()
    })
    expect(tape.kept.map(({ id, bytes }) => [tape.lines[id].op, bytes])).toEqual([
      ['matmul', 800],
      ['input', 400],
    ])
    expect(tape.kept[0].keptBy.map((id) => tape.lines[id].op)).toEqual(['mul'])
    expect(`${tape}`).toContain('1.2 KB kept')
    expect(tape.value.shape).toEqual([])
    const spared = record(() => checkpoint((a: Tensor) => x.matmul(a).tanh().sum(), w))
    expect(spared.lines.map(({ op }) => op)).toContain('tanh')
    expect(record(() => noGrad(() => w.exp())).kept).toEqual([])
  })

  test('shows what is written in place, and knows detached values again', () => {
    const x = zeros([2])
    const { lines } = record(() => {
      const y = x.exp()
      x.add_(y.detach())
      return x.mul(2)
    })
    expect(lines.map(({ op, operands, bytes }) => [op, operands, bytes])).toEqual([
      ['input', [], 0],
      ['exp', [0], 8],
      ['add_', [0, 1], 0],
      ['mul', [2], 8],
    ])
  })

  test('holds what transforms execute', () => {
    const rows = ones([3, 2])
    const { lines, value } = record(() => vmap(grad((x: Tensor) => x.square().sum()))(rows))
    expect(lines.find(({ op }) => op === 'square')!.shape).toEqual([3, 2])
    expect(value.shape).toEqual([3, 2])
    const inside = record(() =>
      vmap((x: Tensor) => {
        expect(record(() => x.exp()).lines[1].shape).toEqual([2])
        return x
      })(rows),
    )
    expect(inside.lines.map(({ op }) => op)).toContain('exp')
  })

  test('becomes a graph in DOT', () => {
    const x = leaf()
    const dot = record(() => x.exp().sum().backward(), { names: { x } }).toDot()
    expect(dot).toMatch(/^digraph tape \{\n/)
    expect(dot).toContain('  n0 [label="x\\nfloat32 [1, 2]", shape=oval]')
    expect(dot).toContain('  n0 -> n1\n')
    expect(dot).toContain('  n1 -> n1 [style=dashed, color=gray50, constraint=false]')
    expect(dot).toMatch(/label="expBackward.*fillcolor=gray90/)
    expect(dot.match(/\{/g)).toHaveLength(1)
  })

  test('is compared with another, line by line', () => {
    const x = leaf()
    const one = record(() => x.exp().mul(2).sum())
    expect(one.compare(record(() => x.exp().mul(2).sum())).split('\n')).toHaveLength(4)
    const other = record(() => x.exp().add(1).mul(2).sum())
    expect(one.compare(other).split('\n')).toEqual([
      '  input     leaf  float32 [1, 2]',
      '  forward   exp(leaf)  float32 [1, 2]',
      '- forward   mul(exp; 2)  float32 [1, 2]',
      '+ forward   add(exp; 1)  float32 [1, 2]',
      '+ forward   mul(add; 2)  float32 [1, 2]',
      '  forward   sum(mul; dims: [0, 1], keepdim: false)  float32 []',
    ])
    expect(() => one.compare(3 as never)).toThrow(/compare: expected another tape, got 3/)
  })

  test('is refused for promises, what is no function, and names that stand for nothing', () => {
    expect(() => record((async () => leaf()) as never)).toThrow(/record: .*promise/)
    expect(() => record(3 as never)).toThrow(/record: expected a function/)
    expect(() => record(() => 1, { names: { w: 3 as never } })).toThrow(/the name w .* for 3/)
  })
})

const EXPECTED = [
  'tape: 4 operations forward, 3 backward; 36 B kept for backward passes',
  'inputs',
  '  x = input                                       float32 [3, 1]',
  '  w = leaf                                        float32 [1, 2]',
  'forward',
  '  %2 = matmul(x, w)                               float32 [3, 2]  24 B  keeps x  at HERE',
  '  %3 = tanh(%2)                                   float32 [3, 2]  24 B  keeps %3  at HERE',
  '  %4 = sum(%3; dims: [0, 1], keepdim: false)      float32 []       4 B  at HERE',
  '  %5 = full(shape: [], value: 1, dtype: float32)  float32 []       4 B',
  'backward',
  '  %6 = expand(%5; shape: [3, 2], dims: [0, 1])    float32 [3, 2]        of %4',
  '  %7 = tanhBackward(%6, %3)                       float32 [3, 2]  24 B  of %3',
  '  %8 = matmul(x, %7; leftTransposed: true)        float32 [1, 2]   8 B  of %2',
]

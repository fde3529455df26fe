import { describe, expect, it } from 'vitest'
import { arange, noGrad, scalar, tensor, update, zeros, type Tensor } from '../src/index.ts'

const version = (x: Tensor): number => x.storage.version

describe('in-place ops', () => {
  it.each<[string, (x: Tensor) => Tensor, number[]]>([
    ['add_ a number', (x) => x.add_(2), [3, 4]],
    ['add_ a tensor', (x) => x.add_(tensor([10, 20])), [11, 22]],
    ['add_ a 0-d tensor', (x) => x.add_(tensor(5)), [6, 7]],
    ['sub_', (x) => x.sub_(1), [0, 1]],
    ['mul_', (x) => x.mul_(tensor([3])), [3, 6]],
    ['div_', (x) => x.div_(2), [0.5, 1]],
    ['copy_', (x) => x.copy_(tensor([8, 9])), [8, 9]],
    ['copy_, broadcast', (x) => x.copy_(tensor(4)), [4, 4]],
    ['fill_', (x) => x.fill_(-1), [-1, -1]],
    ['zero_', (x) => x.zero_(), [0, 0]],
  ])('%s writes, returns the tensor and counts a version', (_, write, expected) => {
    const x = tensor([1, 2])
    const before = version(x)
    expect(write(x)).toBe(x)
    expect(x.toArray()).toEqual(expected)
    expect(version(x)).toBe(before + 1)
  })

  it('keep the dtype; copy_ converts', () => {
    const x = tensor([1, 2], { dtype: 'int32' })
    x.add_(tensor([true, false]))
    expect([x.dtype, x.toArray()]).toEqual(['int32', [2, 2]])
    x.copy_(tensor([1.9, -1.9]))
    expect(x.toArray()).toEqual([1, -1])
    expect(tensor([1]).add_(tensor([0.1], { dtype: 'float64' })).dtype).toBe('float32')
  })

  it('write through views of any layout', () => {
    const x = zeros([2, 3])
    x.T.add_(tensor([[1], [2], [3]]))
    x.narrow(1, 1, 1).mul_(10)
    expect(x.toArray()).toEqual([[1, 20, 3], [1, 20, 3]]) // prettier-ignore
  })
})

describe('overlapping memory', () => {
  it('a source that overlaps the target is read before it is written', () => {
    const x = arange(5)
    x.narrow(0, 1, 4).copy_(x.narrow(0, 0, 4))
    expect(x.toArray()).toEqual([0, 0, 1, 2, 3])
    const y = arange(5)
    y.narrow(0, 0, 4).add_(y.narrow(0, 1, 4))
    expect(y.toArray()).toEqual([1, 3, 5, 7, 4])
  })

  it('a tensor and its transpose', () => {
    const x = tensor([[1, 2], [3, 4]]) // prettier-ignore
    x.add_(x.T)
    expect(x.toArray()).toEqual([[2, 5], [5, 8]]) // prettier-ignore
  })

  it('a tensor and itself', () => {
    const x = tensor([1, 2, 3])
    x.mul_(x)
    expect(x.toArray()).toEqual([1, 4, 9])
  })

  it('an element of the target, broadcast over it', () => {
    const x = tensor([2, 4, 8])
    x.div_(x.at(0))
    expect(x.toArray()).toEqual([1, 2, 4])
  })

  it('an expanded target is refused, an expanded source is fine', () => {
    const x = tensor([1])
    expect(() => x.expand([3]).add_(1)).toThrow(/add_: .*\[3\].*expanded.*clone/)
    expect([x.toArray(), version(x)]).toEqual([[1], 0])
    expect(
      zeros([3])
        .add_(x.expand([3]))
        .toArray(),
    ).toEqual([1, 1, 1])
  })
})

describe('in place while gradients are recorded', () => {
  const leaf = (): Tensor => tensor([1, 2], { requiresGrad: true })

  it.each<[string, () => Tensor, RegExp]>([
    ['a leaf', leaf, /add_: .*\[2\].*leaf that requires gradients.*noGrad/],
    ['an inner value', () => leaf().mul(2), /add_: .*\[2\].*recorded computation.*noGrad/],
    ['a view of a leaf', () => leaf().narrow(0, 0, 1), /add_: .*\[1\].*recorded computation/],
  ])('%s is refused and stays as it was', (_, make, message) => {
    const x = make()
    const before = [x.toArray(), version(x)]
    expect(() => x.add_(1)).toThrow(message)
    expect([x.toArray(), version(x)]).toEqual(before)
  })

  it('a value that requires gradients is not written into one that does not', () => {
    const x = tensor([0, 0])
    expect(() => x.add_(leaf())).toThrow(/add_: .*\[2\].*requires gradients would be written/)
    expect([x.toArray(), version(x)]).toEqual([[0, 0], 0])
  })

  it('is fine under noGrad, and on what requires none', () => {
    const w = leaf()
    noGrad(() => w.sub_(tensor([1, 1])))
    expect([w.toArray(), w.requiresGrad, w.isLeaf]).toEqual([[0, 1], true, true])
    w.detach().fill_(4)
    expect(w.toArray()).toEqual([4, 4])
  })
})

describe('saved values', () => {
  it('a change of one is an error that names the op, whoever made it', () => {
    const w = tensor([1, 2], { requiresGrad: true })
    const changes: ((saved: Tensor) => void)[] = [
      (saved) => noGrad(() => saved.add_(1)),
      (saved) => saved.detach().add_(1),
      (saved) => noGrad(() => saved.at(0).fill_(0)),
    ]
    for (const change of changes) {
      const saved = w.mul(2)
      const y = saved.square().sum()
      change(saved)
      expect(() => y.backward()).toThrow(/backward: square saved .*\[2\].*changed in place/)
    }
    expect(w.grad).toBe(null)
  })

  it('an output that the rule uses counts as saved', () => {
    const w = tensor([1, 2], { requiresGrad: true })
    const y = w.exp()
    noGrad(() => y.add_(1))
    expect(() => y.sum().backward()).toThrow(/backward: exp saved/)
  })

  it('what no rule needs may change', () => {
    const w = tensor([1, 2], { requiresGrad: true })
    const inner = w.mul(2)
    const y = inner.add(1).sum()
    noGrad(() => inner.add_(1))
    y.backward()
    expect(w.grad!.toArray()).toEqual([2, 2])
  })

  it('a change after backward is no matter', () => {
    const w = tensor([1, 2], { requiresGrad: true })
    w.square().sum().backward()
    noGrad(() => w.sub_(w.grad!))
    expect(w.toArray()).toEqual([-1, -2])
  })
})

describe('update', () => {
  const { add, mul, sub } = scalar
  // v ← m·v + g, w ← w − lr·v, as one loop.
  const momentum = update({
    name: 'momentum',
    targets: 2,
    sources: 1,
    build: (w, v, g, lr, m) => {
      const next = add(mul(m!, v!), g!)
      return [sub(w!, mul(lr!, next)), next]
    },
  })

  it('evaluates all formulas before it stores, and counts a version for each target', () => {
    const [w, v, g] = [tensor([1, 2]), tensor([10, 20]), tensor([1, 1])]
    noGrad(() => momentum([w, v, g], [0.5, 2]))
    expect(v.toArray()).toEqual([21, 41])
    expect(w.toArray()).toEqual([1 - 10.5, 2 - 20.5])
    expect([version(w), version(v), version(g)]).toEqual([1, 1, 0])
  })

  it('tells loops for many operands apart', () => {
    const sum = update({
      name: 'sum',
      targets: 1,
      sources: 15,
      build: (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) => [
        [b, c, d, e, f, g, h, i, j, k, l, m, n, o, p].reduce((x, y) => add(x!, y!), a)!,
      ],
    })
    const many = Array.from({ length: 15 }, () => tensor([1, 2]))
    const rows = tensor([[1, 1], [2, 2]]).at('...', 0) // prettier-ignore
    for (const last of [tensor(5), rows, tensor([1, 2]), tensor(5)]) {
      const x = many[0].clone()
      noGrad(() => sum([x, ...many.slice(1), last]))
      const added = last.ndim === 0 ? [5, 5] : [1, 2]
      expect(x.toArray()).toEqual([15 + added[0], 30 + added[1]])
    }
  })

  it('refuses what does not fit before it writes', () => {
    const [w, v] = [tensor([1, 2]), tensor([10, 20])]
    expect(() => momentum([w, v, tensor([1, 2, 3])], [1, 1])).toThrow(
      /momentum: .*\[3\].*\[2\]|\[2\].*\[3\]/,
    )
    expect(() => momentum([w, tensor([1]), tensor([1, 2])], [1, 1])).toThrow(
      /momentum: .*\[1\].*\[2\]/,
    )
    expect([w.toArray(), v.toArray(), version(w)]).toEqual([[1, 2], [10, 20], 0])
  })
})

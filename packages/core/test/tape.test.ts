import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ancestors,
  between,
  sweep,
  tick,
  type Hook,
  type Node,
  type Pending,
  type Walk,
} from '../src/tape.ts'

interface Way<N> {
  readonly node: N
  readonly next: Way<N> | null
  readonly partial: number
}

/** All ways from a node. */
function ways<N>({ edges }: { readonly edges: Way<N> | null }): Way<N>[] {
  const all: Way<N>[] = []
  for (let edge = edges; edge !== null; edge = edge.next) all.push(edge)
  return all
}

/**
 * A toy algebra: values are numbers, and every node multiplies cotangents by the partial derivative of
 * each input. The tape knows nothing else, so whatever holds here holds for tensors.
 */
class Step implements Node<number> {
  readonly order = tick()
  pending: Pending<number> | null = null
  hooks: readonly Hook<number>[] | null = null
  released = 0
  pulled = 0
  readonly edges: Way<Step> | null

  constructor(inputs: readonly (Step | null)[] = [], partials: readonly number[] = []) {
    this.edges = inputs.reduceRight<Way<Step> | null>(
      (next, node, i) => (node === null ? next : { node, next, partial: partials[i] }),
      null,
    )
  }

  pull(ct: number, walk: Walk<number>): void {
    this.pulled++
    for (const { node, partial } of ways(this)) if (walk.wants(node)) walk.send(node, ct * partial)
  }

  release(): void {
    this.released++
  }
}

const sum = (a: number, b: number): number => a + b

/** The cotangents that a sweep brings to each node. */
function cotangents(
  seeds: readonly (readonly [Step, number])[],
  only?: ReadonlySet<Node<number>>,
): Map<Node<number>, number> {
  const found = new Map<Node<number>, number>()
  sweep(seeds, sum, {
    retain: true,
    visit: (node, ct) => found.set(node, ct),
    ...(only && { only }),
  })
  return found
}

/** Random graphs: each node has inputs among those before it, the same one twice at times. */
const graphs = fc
  .array(fc.array(fc.tuple(fc.nat(), fc.integer({ min: -3, max: 3 })), { maxLength: 3 }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((rows) => {
    const nodes: Step[] = []
    for (const row of rows) {
      const inputs = row.map(([n]) =>
        nodes.length === 0 || n % 7 === 0 ? null : nodes[n % nodes.length],
      )
      nodes.push(
        new Step(
          inputs,
          row.map(([, partial]) => partial),
        ),
      )
    }
    return nodes
  })

/** ∂to/∂from by its definition: over every path, the product of the partials. */
function derivative(to: Step, from: Step): number {
  if (to === from) return 1
  return ways(to).reduce((total, { node, partial }) => total + partial * derivative(node, from), 0)
}

describe('sweep', () => {
  test('brings to each node the sum over all paths', () => {
    fc.assert(
      fc.property(graphs, fc.nat(), (nodes, n) => {
        const [a, b] = [nodes.at(-1)!, nodes[n % nodes.length]]
        const found = cotangents([
          [a, 2],
          [b, 3],
        ])
        for (const node of nodes) {
          const expected = 2 * derivative(a, node) + 3 * derivative(b, node)
          expect(found.get(node) ?? 0).toBeCloseTo(expected, 9)
        }
      }),
    )
  })

  test('visits the newest first, each node once and only what the seeds depend on', () => {
    fc.assert(
      fc.property(graphs, (nodes) => {
        const seed = nodes.at(-1)!
        const visited: Node<number>[] = []
        sweep([[seed, 1]], sum, { retain: true, visit: (node) => visited.push(node) })
        const expected = [...ancestors([seed])].toSorted((a, b) => b.order - a.order)
        expect(visited).toEqual(expected)
      }),
    )
  })

  test('visits the newest first also where many wait at once', () => {
    const count = 40
    const nodes = Array.from({ length: count }, () => new Step())
    const order = fc.shuffledSubarray(nodes, { minLength: count, maxLength: count })
    fc.assert(
      fc.property(order, (inputs) => {
        const partials = inputs.map(() => 1)
        const visited: Node<number>[] = []
        const visit = (node: Node<number>): void => void visited.push(node)
        sweep([[new Step(inputs, partials), 1]], sum, { retain: true, visit })
        expect(visited.slice(1)).toEqual(nodes.toReversed())
      }),
      { numRuns: 20 },
    )
  })

  test('has nodes add to sums in place, never to what belongs to others', () => {
    interface Box {
      value: number
    }
    /** A node whose even inputs are added to where they may be, as slices of one tensor are. */
    class Adding implements Node<Box> {
      readonly order = tick()
      pending: Pending<Box> | null = null
      readonly hooks = null
      readonly edges: Way<Adding> | null
      readonly step: Step
      constructor(step: Step, others: ReadonlyMap<Step, Adding>) {
        this.step = step
        this.edges = ways(step).reduceRight<Way<Adding> | null>(
          (next, { node, partial }) => ({ node: others.get(node)!, next, partial }),
          null,
        )
      }
      pull(ct: Box, walk: Walk<Box>): void {
        ways(this).forEach(({ node, partial }, i) => {
          const value = ct.value * partial
          const total = i % 2 === 1 ? null : walk.sumOf(node, () => ({ value: 0 }))
          if (total !== null) total.value += value
          // Odd ones are the output's own, handed to several inputs, if that is its value.
          else walk.send(node, i % 2 === 1 && partial === 1 ? ct : { value })
        })
      }
      release(): void {}
    }
    const accumulate = (before: Box, ct: Box, ours: boolean): Box => {
      if (!ours) return { value: before.value + ct.value }
      before.value += ct.value
      return before
    }
    fc.assert(
      fc.property(graphs, (steps) => {
        const nodes = new Map<Step, Adding>()
        for (const step of steps) nodes.set(step, new Adding(step, nodes))
        const found = new Map<Step, Box>()
        const seed = { value: 1 }
        sweep<Box>([[nodes.get(steps.at(-1)!)!, seed]], accumulate, {
          retain: true,
          visit: (node, ct) => found.set((node as Adding).step, { ...ct }),
        })
        expect(seed.value).toBe(1)
        for (const step of steps) {
          expect(found.get(step)?.value ?? 0).toBeCloseTo(derivative(steps.at(-1)!, step), 9)
        }
      }),
    )
  })

  test('says which sums it made itself, and may be overwritten', () => {
    const leaf = new Step()
    const parts = [1, 2, 3].map((partial) => new Step([leaf], [partial]))
    const top = new Step(parts, [1, 1, 1])
    const calls: [number, number, boolean][] = []
    const accumulate = (a: number, b: number, ours: boolean): number => {
      calls.push([a, b, ours])
      return a + b
    }
    sweep([[top, 1]], accumulate, { retain: true })
    // The first sum is of two cotangents that belong to others; the second adds to the first.
    expect(calls).toEqual([
      [3, 2, false],
      [5, 1, true],
    ])
  })

  test('walks only the nodes it is told to', () => {
    fc.assert(
      fc.property(graphs, fc.nat(), (nodes, n) => {
        const [seed, target] = [nodes.at(-1)!, nodes[n % nodes.length]]
        const only = between([seed], new Set<Node<number>>([target]))
        fc.pre(only.has(seed))
        const found = cotangents([[seed, 1]], only)
        expect(found.get(target) ?? 0).toBeCloseTo(derivative(seed, target), 9)
        for (const node of found.keys()) expect(only.has(node)).toBe(true)
      }),
    )
  })

  test('releases what it passed, unless it is to be kept', () => {
    const leaf = new Step()
    const square = new Step([leaf, leaf], [3, 3])
    sweep([[square, 1]], sum, { retain: true })
    expect([leaf.released, square.released]).toEqual([0, 0])
    sweep([[square, 1]], sum, { retain: false })
    expect([leaf.released, square.released]).toEqual([1, 1])
  })

  test('can run within another over the same nodes', () => {
    const leaf = new Step()
    const double = new Step([leaf], [2])
    const top = new Step([leaf, double], [5, 7])
    let inner: Map<Node<number>, number> | undefined
    let outer: number | undefined
    sweep([[top, 1]], sum, {
      retain: true,
      visit: (node, ct) => {
        // By now a cotangent waits at the leaf; the sweep inside must not touch it.
        if (node === double) inner = cotangents([[double, 100]])
        if (node === leaf) outer = ct
      },
    })
    expect(inner!.get(leaf)).toBe(200)
    expect(outer).toBe(5 + 7 * 2)
  })

  test('leaves no notes behind, whether it ends or throws', () => {
    const leaf = new Step()
    const middle = new Step([leaf], [1])
    const top = new Step([middle, leaf], [1, 1])
    const all = [leaf, middle, top]
    sweep([[top, 1]], sum, { retain: true })
    expect(all.map((node) => node.pending)).toEqual([null, null, null])
    const visit = (node: Node<number>): void => {
      if (node === middle) throw new RangeError('on purpose')
    }
    expect(() => sweep([[top, 1]], sum, { retain: true, visit })).toThrow(RangeError)
    expect(all.map((node) => node.pending)).toEqual([null, null, null])
    expect(cotangents([[top, 1]]).get(leaf)).toBe(2)
  })

  test('takes a long chain without recursion', () => {
    let top = new Step()
    const leaf = top
    for (let i = 0; i < 100_000; i++) top = new Step([top], [1])
    expect(cotangents([[top, 1]]).get(leaf)).toBe(1)
  })

  test('adds the seeds of one node', () => {
    const leaf = new Step()
    const seeds = [
      [leaf, 1],
      [leaf, 10],
    ] as const
    expect(cotangents(seeds).get(leaf)).toBe(11)
  })
})

describe('between', () => {
  test('finds the nodes on the paths from outputs to targets', () => {
    fc.assert(
      fc.property(graphs, fc.nat(), (nodes, n) => {
        const [seed, target] = [nodes.at(-1)!, nodes[n % nodes.length]]
        const reaches = (from: Step, to: Step): boolean => [...ancestors([from])].includes(to)
        const expected = nodes.filter((node) => reaches(seed, node) && reaches(node, target))
        const found = between([seed], new Set<Node<number>>([target]))
        expect(new Set(found)).toEqual(new Set(expected))
      }),
    )
  })
})

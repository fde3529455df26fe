/**
 * The Wengert list: every differentiable step of a computation becomes a node that knows the
 * nodes its inputs came from and how to pull a cotangent back to them. Nodes hang from the values
 * they made, so a forward pass that nobody differentiates is garbage like any other.
 *
 * Differentiating is one walk over the nodes, newest first: a node's cotangent is complete when
 * every later node has been visited. Nothing here knows what a value or an operation is.
 */
export interface Node<V> {
  /** Rises with creation: inputs always stand lower than what was made of them. */
  readonly order: number
  /** The first of the ways to its inputs, of which there is none to those that need no gradient. */
  readonly edges: Edge<V> | null
  /** Sends to the inputs that the walk wants their cotangents, from the output's. `visit` is another each time. */
  pull(ct: V, walk: Walk<V>, visit: object): void
  /** Drops what the node kept for `pull`. */
  release(): void
  /** The sweep's note of what has reached the node; null outside of one. */
  pending: Pending<V> | null
  /** What is done to the complete cotangent before it goes on, in order. */
  hooks: readonly Hook<V>[] | null
}

/** A way from a node to an input, and the next one from that node: a list costs more than what is in it. */
export interface Edge<V> {
  readonly node: Node<V>
  readonly next: Edge<V> | null
}

/** Makes of a cotangent the one that goes on in its place. */
export type Hook<V> = (ct: V) => V

/** A cotangent under way: complete when its node is the newest one left. */
export interface Pending<V> {
  readonly node: Node<V>
  ct: V
  /** Whether `ct` was summed here and may be overwritten. */
  ours: boolean
  /** The sweep that made the note, and the note of the sweep around that one. */
  readonly walk: Walk<V>
  readonly outer: Pending<V> | null
}

/** How cotangents that meet are summed. `ours` says that `sum` was made here and may be overwritten. */
export type Accumulate<V> = (sum: V, ct: V, ours: boolean) => V

export interface SweepOptions<V> {
  /** Keep what the nodes saved, for another sweep. */
  readonly retain: boolean
  /** Walk only these nodes; all when absent. */
  readonly only?: ReadonlySet<Node<V>> | undefined
  /** Is told the complete cotangent of each visited node, as its hooks left it. */
  readonly visit?: (node: Node<V>, ct: V) => void
}

let current: Walk<any> | null = null

/** The node that a sweep is at, for those who watch; null outside of one. */
export function visitedNode(): object | null {
  return current && current.at
}

let clock = 0

/** The next place in the order of nodes. */
export function tick(): number {
  return ++clock
}

/** The reverse sweep: from the seeds' cotangents to everything they depend on. */
export function sweep<V>(
  seeds: readonly (readonly [Node<V>, V])[],
  accumulate: Accumulate<V>,
  { retain, only, visit }: SweepOptions<V>,
): void {
  const walk = new Walk(accumulate, only)
  const outside = current
  current = walk
  try {
    for (const [node, ct] of seeds) walk.send(node, ct)
    for (let top = pop(walk.heap); top !== undefined; top = pop(walk.heap)) {
      const { node } = top
      const { hooks } = node
      walk.at = node
      node.pending = top.outer
      const ct = hooks === null ? top.ct : hooks.reduce((seen, hook) => hook(seen), top.ct)
      visit?.(node, ct)
      node.pull(ct, walk, top)
      if (!retain) node.release()
    }
  } finally {
    current = outside
    // Empty unless something threw.
    for (const { node, outer } of walk.heap) node.pending = outer
  }
}

/** A sweep under way, as nodes see it. */
export class Walk<V> {
  readonly heap: Pending<V>[] = []
  /** The node that it is at. */
  at: Node<V> | null = null
  readonly #accumulate: Accumulate<V>
  readonly #only: ReadonlySet<Node<V>> | undefined

  constructor(accumulate: Accumulate<V>, only: ReadonlySet<Node<V>> | undefined) {
    this.#accumulate = accumulate
    this.#only = only
  }

  /** Whether the sweep goes to a node. */
  wants(node: Node<V>): boolean {
    return this.#only?.has(node) ?? true
  }

  /** Adds to what has reached a node. */
  send(node: Node<V>, ct: V): void {
    const known = node.pending
    if (known !== null && known.walk === this) {
      known.ct = this.#accumulate(known.ct, ct, known.ours)
      known.ours = true
    } else {
      note(this, node, ct, false)
    }
  }

  /**
   * The sum of what has reached a node, to be added to in place: `zero`, if nothing has; null if it may not be
   * overwritten.
   */
  sumOf(node: Node<V>, zero: () => V): V | null {
    const known = node.pending
    if (known === null || known.walk !== this) return note(this, node, zero(), true)
    return known.ours ? known.ct : null
  }
}

/** Notes what has first reached a node. */
function note<V>(walk: Walk<V>, node: Node<V>, ct: V, ours: boolean): V {
  push(walk.heap, (node.pending = { node, ct, ours, walk, outer: node.pending }))
  return ct
}

/** Every node that `from` depends on, itself included. */
export function* ancestors<V>(from: Iterable<Node<V>>): Generator<Node<V>> {
  const seen = new Set<Node<V>>()
  const stack = [...from]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    yield node
    for (let edge = node.edges; edge !== null; edge = edge.next) stack.push(edge.node)
  }
}

/** The nodes that `from` depends on and that themselves depend on a target, or are one. */
export function between<V>(from: Iterable<Node<V>>, targets: ReadonlySet<Node<V>>): Set<Node<V>> {
  const reach = new Set<Node<V>>()
  const rising = [...ancestors(from)].sort((a, b) => a.order - b.order)
  for (const node of rising) {
    if (targets.has(node)) reach.add(node)
    for (let edge = node.edges; edge !== null; edge = edge.next) {
      if (reach.has(edge.node)) reach.add(node)
    }
  }
  return reach
}

/** A binary heap, newest node on top. */
function push<V>(heap: Pending<V>[], entry: Pending<V>): void {
  let i = heap.length
  heap.push(entry)
  while (i > 0) {
    const parent = (i - 1) >> 1
    if (heap[parent]!.node.order >= entry.node.order) break
    heap[i] = heap[parent]!
    i = parent
  }
  heap[i] = entry
}

function pop<V>(heap: Pending<V>[]): Pending<V> | undefined {
  const top = heap[0]
  const last = heap.pop()
  if (top === undefined || last === undefined || heap.length === 0) return top
  let i = 0
  for (;;) {
    let child = 2 * i + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && heap[child + 1]!.node.order > heap[child]!.node.order) child++
    if (heap[child]!.node.order <= last.node.order) break
    heap[i] = heap[child]!
    i = child
  }
  heap[i] = last
  return top
}

import { currentCall } from '../call.ts'
import type { DType } from '../dtype.ts'
import { apply, type Handler, type Op } from '../op.ts'
import { OpNode } from '../record.ts'
import type { Shape } from '../shape.ts'
import type { Storage } from '../storage.ts'
import { visitedNode } from '../tape.ts'
import type { Tensor } from '../tensor.ts'
import { captureCall, siteOf, type CallSite, type Trace } from './call-site.ts'
import { innermost } from './innermost.ts'

/** One operation, or one tensor that was there before. */
export interface TapeLine {
  /** By which other lines name the value. */
  readonly id: number
  /** The name that was given to the tensor, or null. */
  readonly label: string | null
  /** What a line stands for: a tensor from outside, or an operation, of the forward or a backward pass. */
  readonly phase: 'input' | 'forward' | 'backward'
  /** The operation's name; of a tensor from outside `leaf`, where it requires gradients, or `input`. */
  readonly op: string
  readonly operands: readonly number[]
  /** The numbers and options that the operation was given, as text. */
  readonly attributes: string
  readonly shape: Shape
  readonly dtype: DType
  /** The memory that was made: 0 for views and what is written in place. */
  readonly bytes: number
  /** The values that are kept for the backward pass of this operation. */
  readonly keeps: readonly number[]
  /** In a backward pass: the line whose gradient is pulled back, if it is on this tape. */
  readonly of: number | null
  /** The function of the framework that applied it among others, such as `crossEntropy`, or null. */
  readonly within: string | null
  /** The line of the user's that called it; null in a backward pass, and where none can be told. */
  readonly site: CallSite | null
}

/** Memory that a backward pass needs, and the lines that keep it. */
export interface KeptMemory {
  /** The line that made it. */
  readonly id: number
  readonly bytes: number
  readonly keptBy: readonly number[]
}

/** What is noted while a program runs: as little as will do, so that it runs on as it would. */
interface Note {
  readonly label: string | null
  readonly op: string
  readonly phase: TapeLine['phase']
  readonly operands: readonly number[]
  readonly attributes: unknown
  readonly shape: Shape
  readonly dtype: DType
  /** The line that made the memory. */
  readonly owner: number
  /** Of all the memory, also where it is a view. */
  readonly bytes: number
  readonly keeps: readonly number[]
  readonly of: number | null
  readonly call: { readonly name?: string; readonly trace: Trace } | null
}

const none: readonly never[] = []

/** Notes every op that passes. */
export class Writer implements Handler {
  readonly #notes: Note[] = []
  readonly #ids = new Map<Tensor, number>()
  readonly #nodes = new Map<object, number>()
  readonly #names: Map<Tensor, string>

  constructor(names: Map<Tensor, string>) {
    this.#names = names
  }

  handle<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): Tensor {
    const node = visitedNode()
    // What creators make and optimizers write is plain without.
    const call = node === null && inputs.length > 0 && !op.writes ? callNow() : null
    const operands = inputs.map((x) => this.#idOf(x))
    const out = apply(op, inputs, attributes)
    const { shape, dtype } = out
    const storage = storageOf(out)
    const from = inputs.findIndex((x) => storageOf(x) === storage)
    const own = out.node
    const recorded = own instanceof OpNode && !this.#nodes.has(own) ? own : null
    const id = this.#notes.length
    this.#ids.set(out, id)
    if (recorded !== null) this.#nodes.set(recorded, id)
    this.#notes.push({
      label: this.#names.get(out) ?? null,
      op: op.name,
      phase: node === null ? 'forward' : 'backward',
      operands,
      attributes,
      shape,
      dtype,
      owner: from < 0 ? id : this.#notes[operands[from]!]!.owner,
      bytes: bytesOf(storage),
      keeps: recorded === null ? none : keptBy(recorded).map((x) => this.#idOf(x)),
      of: node === null ? null : (this.#nodes.get(node) ?? null),
      call,
    })
    return out
  }

  /** Lets go of the tensors; from now on there are only notes. */
  close(): void {
    for (const map of [this.#ids, this.#nodes, this.#names]) map.clear()
  }

  /** What was noted, in full. */
  lines(): TapeLine[] {
    return this.#notes.map(({ owner, bytes, call, attributes, keeps, ...note }, id) => ({
      id,
      ...note,
      attributes: showAttributes(attributes),
      bytes: owner === id && note.phase !== 'input' ? bytes : 0,
      keeps: [...new Set(keeps)],
      within: call?.name ?? null,
      site: call === null ? null : siteOf(call.trace),
    }))
  }

  /** What backward passes need, the largest first. */
  kept(): KeptMemory[] {
    const found = new Map<number, Set<number>>()
    this.#notes.forEach(({ keeps }, id) => {
      for (const kept of keeps) {
        const { owner } = this.#notes[kept]!
        found.set(owner, (found.get(owner) ?? new Set()).add(id))
      }
    })
    return [...found]
      .map(([id, keepers]) => ({ id, bytes: this.#notes[id]!.bytes, keptBy: [...keepers] }))
      .toSorted((a, b) => b.bytes - a.bytes)
  }

  #idOf(x: Tensor): number {
    return this.#ids.get(x) ?? this.#known(x) ?? this.#input(x)
  }

  /** A detached tensor is another object for the same value. */
  #known({ storage, layout }: Tensor): number | undefined {
    for (const [x, id] of this.#ids) if (x.storage === storage && x.layout === layout) return id
    return undefined
  }

  #input(x: Tensor): number {
    const id = this.#notes.length
    this.#ids.set(x, id)
    const storage = storageOf(x)
    const { shape, dtype } = x
    let owner = id
    for (const [y, other] of this.#ids) {
      if (other < id && storageOf(y) === storage) owner = this.#notes[other]!.owner
    }
    const outside = { operands: none, attributes: null, keeps: none, of: null, call: null }
    const op = x.requiresGrad ? 'leaf' : 'input'
    const bytes = bytesOf(storage)
    const label = this.#names.get(x) ?? null
    this.#notes.push({ label, op, phase: 'input', shape, dtype, owner, bytes, ...outside })
    return id
  }
}

/** The values kept for the backward pass, as far as they are. */
function keptBy({ edges }: OpNode<unknown>): readonly Tensor[] {
  const all: Tensor[] = []
  for (let edge = edges; edge !== null; edge = edge.next) {
    if (Array.isArray(edge.saved)) all.push(...(edge.saved as readonly Tensor[]))
  }
  return all
}

/** From where the user called. A stack costs as much as ten ops, so there is one for each call. */
function callNow(): Note['call'] {
  const call = currentCall()
  if (call === null) return { trace: captureCall() }
  call.trace ??= captureCall()
  return call as { name: string; trace: Trace }
}

function storageOf(x: Tensor): Storage {
  return innermost(x).storage
}

function bytesOf({ array, length }: Storage): number {
  return array.BYTES_PER_ELEMENT * length
}

const LONGEST = 40

/** Numbers and plain options; what has no short text is left out. */
function showAttributes(attributes: unknown): string {
  const text = showPart(attributes)?.replace(/^[[{] ?| ?[\]}]$/g, '') ?? ''
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function showPart(part: unknown): string | null {
  if (typeof part === 'number' || typeof part === 'boolean') return String(part)
  if (typeof part === 'string') return part
  if (Array.isArray(part)) return `[${part.map(showPart).join(', ')}]`
  if (typeof part !== 'object' || part === null) return null
  if (Object.getPrototypeOf(part) !== Object.prototype) return null
  const shown = Object.entries(part).flatMap(([key, value]) => {
    const text = showPart(value)
    return text === null ? [] : [`${key}: ${text}`]
  })
  return `{ ${shown.join(', ')} }`
}

import { numelOf, type Shape } from './shape.ts'

/**
 * Where the elements of a tensor lie in its storage: the element at index i stands at
 * `offset + Σ i[d]·strides[d]`. A value: views make new layouts, none is ever changed.
 */
export class Layout {
  readonly shape: Shape
  readonly strides: readonly number[]
  readonly offset: number
  readonly numel: number
  /** Row-major without gaps (the offset may be anything). */
  readonly isContiguous: boolean

  constructor(
    shape: Shape,
    strides: readonly number[],
    offset: number,
    isContiguous: boolean = isRowMajor(shape, strides),
  ) {
    this.shape = shape
    this.strides = strides
    this.offset = offset
    this.numel = numelOf(shape)
    this.isContiguous = this.numel <= 1 || isContiguous
  }

  static contiguous(shape: Shape): Layout {
    return shape.length === 0 ? scalar : new Layout(shape, rowMajorStrides(shape), 0, true)
  }

  /**
   * After so many elements, which lie side by side, they are the same again: 1 where all are one place in
   * memory, 0 where they lie in no such way.
   */
  get period(): number {
    let period = 1
    let d = this.shape.length - 1
    for (; d >= 0 && (this.strides[d] === period || this.shape[d] === 1); d--) {
      period *= this.shape[d]!
    }
    for (; d >= 0; d--) if (this.strides[d] !== 0 && this.shape[d] !== 1) return 0
    return period
  }

  /** Sizes of 1 stretched to `shape` by stride 0; the caller knows that the shapes broadcast. */
  expand(shape: Shape): Layout {
    const strides = new Array<number>(shape.length)
    const added = shape.length - this.shape.length
    for (let i = 0; i < shape.length; i++) {
      const own = i - added
      strides[i] = own < 0 || (this.shape[own] === 1 && shape[i] !== 1) ? 0 : this.strides[own]!
    }
    return new Layout(shape, strides, this.offset)
  }

  /** Without dimension 0, at its first index. */
  inner(): Layout {
    return new Layout(this.shape.slice(1), this.strides.slice(1), this.offset)
  }

  permute(dims: readonly number[]): Layout {
    return new Layout(
      dims.map((d) => this.shape[d]!),
      dims.map((d) => this.strides[d]!),
      this.offset,
    )
  }

  /** The last two dimensions exchanged. */
  transpose(): Layout {
    return new Layout(exchanged(this.shape), exchanged(this.strides), this.offset)
  }

  /** Elements `start, start + step, …` (`length` of them) of one dimension. */
  slice(dim: number, start: number, length: number, step: number): Layout {
    const shape = this.shape.slice()
    const strides = this.strides.slice()
    shape[dim] = length
    strides[dim] = this.strides[dim]! * step
    return new Layout(shape, strides, this.offset + (length === 0 ? 0 : start * this.strides[dim]!))
  }

  /** The elements at which index `d2` is index `d1` plus `offset`, as a last dimension in their place. */
  diagonal(offset: number, d1: number, d2: number): Layout {
    const [i, j] = [Math.max(0, -offset), Math.max(0, offset)]
    const length = Math.max(0, Math.min(this.shape[d1]! - i, this.shape[d2]! - j))
    const [down, right] = [this.strides[d1]!, this.strides[d2]!]
    const others = (all: readonly number[]): number[] => all.filter((_, d) => d !== d1 && d !== d2)
    return new Layout(
      [...others(this.shape), length],
      [...others(this.strides), down + right],
      this.offset + (length === 0 ? 0 : i * down + j * right),
    )
  }

  /**
   * The same elements in the same order under another shape, or null when no strides can say it
   * and a copy is needed.
   */
  reshape(shape: Shape): Layout | null {
    if (this.isContiguous) return new Layout(shape, rowMajorStrides(shape), this.offset, true)
    // Walk both shapes in groups of equal size: [6] against [2, 3], say. A group of old
    // dimensions that is contiguous within itself can be cut into new ones.
    const old = this.shape.map((_, d) => d).filter((d) => this.shape[d] !== 1)
    const strides = new Array<number>(shape.length).fill(1)
    let o = 0
    let n = 0
    while (o < old.length) {
      let size = this.shape[old[o]!]!
      let want = shape[n]!
      let oEnd = o + 1
      let nEnd = n + 1
      while (size !== want) {
        if (size < want) size *= this.shape[old[oEnd++]!]!
        else want *= shape[nEnd++]!
      }
      for (let i = o; i < oEnd - 1; i++) {
        const inner = old[i + 1]!
        if (this.strides[old[i]!] !== this.strides[inner]! * this.shape[inner]!) return null
      }
      let stride = this.strides[old[oEnd - 1]!]!
      for (let i = nEnd - 1; i >= n; i--) {
        strides[i] = stride
        stride *= shape[i]!
      }
      o = oEnd
      n = nEnd
    }
    return new Layout(shape, strides, this.offset)
  }
}

/** The last two exchanged. */
export function exchanged(list: readonly number[]): number[] {
  if (list.length === 2) return [list[1]!, list[0]!]
  const last = list.length - 1
  const next = list.slice()
  next[last] = list[last - 1]!
  next[last - 1] = list[last]!
  return next
}

function rowMajorStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length)
  let step = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step
    step *= shape[i]!
  }
  return strides
}

function isRowMajor(shape: Shape, strides: readonly number[]): boolean {
  let step = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== step) return false
    step *= shape[i]!
  }
  return true
}

const scalar = new Layout([], [], 0)

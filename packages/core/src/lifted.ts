import { ValueError } from './errors.ts'
import { Storage } from './storage.ts'
import { Tensor } from './tensor.ts'

/**
 * The memory of a tensor as a function inside of vmap sees it. Where it carries the batch it stands
 * for one example of each of `inner`, along its dimension 0, and can't be read as if it were one.
 */
export class Lifted extends Storage {
  readonly inner: Tensor
  readonly carries: boolean
  /** The call of vmap that it belongs to. */
  readonly level: object

  constructor(inner: Tensor, carries: boolean, level: object) {
    const { storage } = inner
    super(storage.dtype, none, 0, storage.length)
    this.inner = inner
    this.carries = carries
    this.level = level
    // No gradient is handed over in this memory without a copy.
    this.given = true
    Object.defineProperties(this, {
      array: { get: carries ? refuse : () => storage.array },
      offset: { get: () => storage.offset },
      own: { value: () => storage.own() },
      version: { get: () => storage.version },
    })
  }
}

const none = new Uint8Array(0)

function refuse(): never {
  throw new ValueError(
    'inside of vmap a tensor stands for one example of each, so it has no elements to read, by item(), data, toArray() or in an if; ' +
      'choose with where(condition, a, b), and return from the function what is to be seen outside',
  )
}

/** A tensor of a level of vmap: one example of each of `inner`, or, if it carries no batch, the same. */
export function lift(inner: Tensor, carries: boolean, level: object): Tensor {
  const layout = carries ? inner.layout.inner() : inner.layout
  return new Tensor(new Lifted(inner, carries, level), layout)
}

import type { Shape } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import type { Diag, Diagonal } from '../types/diagonals.ts'
import type {
  Permuted,
  Permutes,
  Place,
  Resized,
  Squeezed,
  Swapped,
  Unsqueezed,
} from '../types/dims.ts'
import type {
  Expanded,
  Expands,
  Flattened,
  Repeated,
  Reshaped,
  Reshapes,
} from '../types/reshaping.ts'
import type { Chunks, Slices, Split as Parts } from '../types/joining.ts'
import type { ShapeOf } from '../types/shape.ts'
import type { Entry } from './entry.ts'

// The forms in which functions stand in the table that rearrange one tensor.

/** A function of a tensor and whatever `Args` are, that keeps the shape. */
export interface Keeping<Args extends readonly unknown[]> extends Entry<KeepingMethod<Args>> {
  <T extends Tensor>(x: T, ...args: Args): Tensor<ShapeOf<T>>
}

interface KeepingMethod<Args extends readonly unknown[]> {
  <T extends Tensor>(this: T, ...args: Args): Tensor<ShapeOf<T>>
}

/** `x.reshape(shape)`. */
export interface Reshape extends Entry<ReshapeMethod> {
  <T extends Tensor, const S extends Shape>(
    x: T,
    shape: S & Reshapes<ShapeOf<T>, S>,
  ): Tensor<Reshaped<ShapeOf<T>, S>>
}

interface ReshapeMethod {
  <T extends Tensor, const S extends Shape>(
    this: T,
    shape: S & Reshapes<ShapeOf<T>, S>,
  ): Tensor<Reshaped<ShapeOf<T>, S>>
}

/** `x.flatten(start, end)`. */
export interface Flatten extends Entry<FlattenMethod> {
  <T extends Tensor, const A extends number = 0, const B extends number = -1>(
    x: T,
    start?: A,
    end?: B,
  ): Tensor<Flattened<ShapeOf<T>, A, B>>
}

interface FlattenMethod {
  <T extends Tensor, const A extends number = 0, const B extends number = -1>(
    this: T,
    start?: A,
    end?: B,
  ): Tensor<Flattened<ShapeOf<T>, A, B>>
}

/** `x.squeeze(dim)`. */
export interface Squeeze extends Entry<SqueezeMethod> {
  <T extends Tensor, const D extends number | readonly number[] | undefined = undefined>(
    x: T,
    dim?: D,
  ): Tensor<Squeezed<ShapeOf<T>, D>>
}

interface SqueezeMethod {
  <T extends Tensor, const D extends number | readonly number[] | undefined = undefined>(
    this: T,
    dim?: D,
  ): Tensor<Squeezed<ShapeOf<T>, D>>
}

/** `x.unsqueeze(dim)`. */
export interface Unsqueeze extends Entry<UnsqueezeMethod> {
  <T extends Tensor, const D extends number>(x: T, dim: D): Tensor<Unsqueezed<ShapeOf<T>, D>>
}

interface UnsqueezeMethod {
  <T extends Tensor, const D extends number>(this: T, dim: D): Tensor<Unsqueezed<ShapeOf<T>, D>>
}

/** `x.expand(shape)`. */
export interface Expand extends Entry<ExpandMethod> {
  <T extends Tensor, const S extends Shape>(
    x: T,
    shape: S & Expands<ShapeOf<T>, S>,
  ): Tensor<Expanded<ShapeOf<T>, S>>
}

interface ExpandMethod {
  <T extends Tensor, const S extends Shape>(
    this: T,
    shape: S & Expands<ShapeOf<T>, S>,
  ): Tensor<Expanded<ShapeOf<T>, S>>
}

/** `x.transpose(a, b)`. */
export interface Transpose extends Entry<TransposeMethod> {
  <T extends Tensor, const A extends number, const B extends number>(
    x: T,
    a: A,
    b: B,
  ): Tensor<Swapped<ShapeOf<T>, A, B>>
}

interface TransposeMethod {
  <T extends Tensor, const A extends number, const B extends number>(
    this: T,
    a: A,
    b: B,
  ): Tensor<Swapped<ShapeOf<T>, A, B>>
}

/** `x.permute(dims)`. */
export interface Permute extends Entry<PermuteMethod> {
  <T extends Tensor, const D extends readonly number[]>(
    x: T,
    dims: D & Permutes<ShapeOf<T>, D>,
  ): Tensor<Permuted<ShapeOf<T>, D>>
}

interface PermuteMethod {
  <T extends Tensor, const D extends readonly number[]>(
    this: T,
    dims: D & Permutes<ShapeOf<T>, D>,
  ): Tensor<Permuted<ShapeOf<T>, D>>
}

/** `x.narrow(dim, start, length)`. */
export interface Narrow extends Entry<NarrowMethod> {
  <T extends Tensor, const D extends number, const N extends number>(
    x: T,
    dim: D,
    start: number,
    length: N,
  ): Tensor<Resized<ShapeOf<T>, Place<ShapeOf<T>, D>, N>>
}

interface NarrowMethod {
  <T extends Tensor, const D extends number, const N extends number>(
    this: T,
    dim: D,
    start: number,
    length: N,
  ): Tensor<Resized<ShapeOf<T>, Place<ShapeOf<T>, D>, N>>
}

/** `x.repeat(times)`. */
export interface Repeat extends Entry<RepeatMethod> {
  <T extends Tensor, const N extends number | readonly number[]>(
    x: T,
    times: N,
  ): Tensor<Repeated<ShapeOf<T>, N>>
}

interface RepeatMethod {
  <T extends Tensor, const N extends number | readonly number[]>(
    this: T,
    times: N,
  ): Tensor<Repeated<ShapeOf<T>, N>>
}

/** `x.split(sizeOrSizes, dim)`. */
export interface Split extends Entry<SplitMethod> {
  <T extends Tensor, const N extends number | readonly number[], const D extends number = 0>(
    x: T,
    sizeOrSizes: N,
    dim?: D,
  ): Parts<ShapeOf<T>, N, D>
}

interface SplitMethod {
  <T extends Tensor, const N extends number | readonly number[], const D extends number = 0>(
    this: T,
    sizeOrSizes: N,
    dim?: D,
  ): Parts<ShapeOf<T>, N, D>
}

/** `x.chunk(n, dim)`. */
export interface Chunk extends Entry<ChunkMethod> {
  <T extends Tensor, const N extends number, const D extends number = 0>(
    x: T,
    n: N,
    dim?: D,
  ): Chunks<ShapeOf<T>, N, D>
}

interface ChunkMethod {
  <T extends Tensor, const N extends number, const D extends number = 0>(
    this: T,
    n: N,
    dim?: D,
  ): Chunks<ShapeOf<T>, N, D>
}

/** `x.unbind(dim)`. */
export interface Unbind extends Entry<UnbindMethod> {
  <T extends Tensor, const D extends number = 0>(x: T, dim?: D): Slices<ShapeOf<T>, D>
}

interface UnbindMethod {
  <T extends Tensor, const D extends number = 0>(this: T, dim?: D): Slices<ShapeOf<T>, D>
}

/** `x.diagonal(offset, d1, d2)`. */
export interface Diagonally extends Entry<DiagonallyMethod> {
  <
    T extends Tensor,
    const O extends number = 0,
    const A extends number = 0,
    const B extends number = 1,
  >(
    x: T,
    offset?: O,
    d1?: A,
    d2?: B,
  ): Tensor<Diagonal<ShapeOf<T>, O, A, B>>
}

interface DiagonallyMethod {
  <
    T extends Tensor,
    const O extends number = 0,
    const A extends number = 0,
    const B extends number = 1,
  >(
    this: T,
    offset?: O,
    d1?: A,
    d2?: B,
  ): Tensor<Diagonal<ShapeOf<T>, O, A, B>>
}

/** `x.diag(diagonal)`. */
export interface OfDiagonal extends Entry<OfDiagonalMethod> {
  <T extends Tensor, const O extends number = 0>(x: T, diagonal?: O): Tensor<Diag<ShapeOf<T>, O>>
}

interface OfDiagonalMethod {
  <T extends Tensor, const O extends number = 0>(this: T, diagonal?: O): Tensor<Diag<ShapeOf<T>, O>>
}

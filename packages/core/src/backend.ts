import { tuned } from './backends/tuned.ts'
import type { Layout } from './layout.ts'
import type { ScalarKernel } from './scalar/kernel.ts'
import type { Shape } from './shape.ts'
import type { Storage } from './storage.ts'

/** Elements in memory and how they lie there; a tensor is one. */
export interface Operand {
  readonly storage: Storage
  readonly layout: Layout
}

/**
 * Windows over several dims, the last ones of x: one number per dim in each list. x is padded with
 * zeros: `padding` in front of each dim, and behind as much as the windows need.
 */
export interface Grid {
  /** Sizes of x. */
  readonly input: Shape
  /** How many windows there are. */
  readonly output: Shape
  /** Sizes of a window. */
  readonly kernel: Shape
  readonly stride: Shape
  readonly padding: Shape
  readonly dilation: Shape
}

/** How a reduction folds the elements. */
export type Fold = 'sum' | 'max' | 'min' | 'any' | 'all'

/**
 * What every backend computes. Results are written into `out`, whose storage overlaps no input
 * (but for `elementwise`, where an input may be exactly the output). No backend knows of
 * gradients, promotion or broadcasting: shapes and dtypes have been settled before.
 */
export interface Backend {
  readonly name: string
  /** `outs[k][i] = kernel.formulas[k](inputs[…][i], params)`; all layouts have one shape. */
  elementwise(
    kernel: ScalarKernel,
    inputs: readonly Operand[],
    params: readonly number[],
    outs: readonly Operand[],
  ): void
  /**
   * Folds `x` over `dims` (rising); `out` is contiguous and has the other dims' sizes. Sums are
   * pairwise in a fixed order. NaN wins `max` and `min`.
   */
  reduce(fold: Fold, x: Operand, dims: readonly number[], out: Operand): void
  /** The first index of the largest (or smallest) element along `dim`; NaN counts as the winner. */
  argReduce(fold: 'max' | 'min', x: Operand, dim: number, out: Operand): void
  /**
   * `eˣ / Σ eˣ` along `dim`, or the logarithm of that, without overflow; `out` is contiguous. Floats of one
   * dtype.
   */
  softmax(x: Operand, dim: number, logarithm: boolean, out: Operand): void
  /**
   * `out[…, i, …]` is the index along `dim` of the i-th element in rising (or falling) order; equal
   * ones stay in their order, and NaN is larger than all. `out` may be shorter along `dim`.
   */
  argSort(x: Operand, dim: number, descending: boolean, out: Operand): void
  /**
   * `out[i] = a[i] · out[i - 1] + b[i]` along `dim`, from `out[0] = b[0]`; in reverse
   * `out[i] = a[i + 1] · out[i + 1] + b[i]`, from the last. Equal shapes and dtypes, no bools; what is
   * carried on is rounded only by being a float64, or wraps as an int32.
   */
  recurrence(a: Operand, b: Operand, dim: number, reverse: boolean, out: Operand): void
  /**
   * `out[…, i, j] = Σₖ a[…, i, k] · b[…, k, j]`, summed over rising k; equal batch shapes. int32 wraps
   * around.
   */
  matmul(a: Operand, b: Operand, out: Operand): void
  /** `out[…, i, …] = x[…, index[…, i, …], …]` along `dim`; `out` has the shape of `index`. */
  gather(x: Operand, dim: number, index: Operand, out: Operand): void
  /** `out[…, index[…, i, …], …] += x[…, i, …]` along `dim`, in row-major order of `x`. */
  scatterAdd(x: Operand, dim: number, index: Operand, out: Operand): void
  /** `out[…, index[…, i, …], …] = x[…, i, …]` along `dim`; of several the last in that order stays. */
  scatter(x: Operand, dim: number, index: Operand, out: Operand): void
  /** These are left out by the one that runs by default, so that programs without them don't carry them. */
  readonly windows?: Windows
  readonly convolutions?: Convolutions
  readonly rows?: Rows
}

/** What every backend computes of windows. */
export interface Windows {
  /**
   * `out[…, k, i] = x[…, i · stride + k · dilation - padding]`, 0 beyond x, for grids of one or two dims:
   * `[…, input]` to `[…, kernel, output]`, both contiguous.
   */
  unfold(x: Operand, grid: Grid, out: Operand): void
  /** `out[…, i · stride + k · dilation - padding] += x[…, k, i]`: the transpose of `unfold`. */
  fold(x: Operand, grid: Grid, out: Operand): void
  /**
   * The largest element of each window and where it stands, counted through the input's sizes: `[…, input]` to
   * `[…, output]`, all contiguous, places int32. The first of equal ones; NaN is larger than all; -∞ and 0 for
   * a window without an element of x.
   */
  maxOfWindows(x: Operand, grid: Grid, values: Operand, places: Operand): void
}

/**
 * What every backend computes of convolutions: the derivatives of
 * `Σ x[s, n, c, i · stride + k · dilation - padding] · w[s, f, c, k] · y[s, n, f, i]`, where s stands for any
 * dims in front, and x is 0 beyond its sizes. All operands are contiguous.
 */
export interface Convolutions {
  /** By y. */
  convolve(x: Operand, w: Operand, grid: Grid, out: Operand): void
  /** By x. */
  spread(w: Operand, y: Operand, grid: Grid, out: Operand): void
  /** By w. */
  correlate(x: Operand, y: Operand, grid: Grid, out: Operand): void
}

/**
 * What every backend computes of rows, along the last dim, whose variance is divided by its size. Operands are
 * contiguous floats of one dtype.
 */
export interface Rows {
  /** `(x − mean) / √(variance + eps)`. */
  standardize(x: Operand, eps: number, out: Operand): void
  /** `1 / √(variance + eps)`, one for each row. */
  inverseDeviation(x: Operand, eps: number, out: Operand): void
}

/** The backend that runs everything. */
export let backend: Backend = tuned

/** Runs everything on another backend from now on. */
export function useBackend(next: Backend): void {
  backend = next
}

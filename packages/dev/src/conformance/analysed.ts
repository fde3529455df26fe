import type { Backend, Operand } from '../../../core/src/backend.ts'
import { track } from '../../../core/src/backends/interpreted.ts'
import { walk } from '../../../core/src/backends/odometer.ts'
import { reference } from '../../../core/src/backends/reference.ts'
import { moves } from '../../../core/src/scalar/generate.ts'
import type { Expr } from '../../../core/src/scalar/expr.ts'
import { numelOf } from '../../../core/src/shape.ts'
import { Storage } from '../../../core/src/storage.ts'
import { combine, copyOf, dense, magnitudes, product, shifted, write, zeros } from './dense.ts'
import { runningError, type Precision, type RunningError } from './running-error.ts'
import { softmaxErrors } from './softmax-errors.ts'
import { standardizeErrors } from './standardize-errors.ts'

/** A backend, and what its results may be off by. */
export interface Analysed extends Backend {
  /**
   * For each element of `x`, in row-major order: the sum of the magnitudes of all that is rounded on the way
   * to it, once each, as they count in it; 0 for what is exact.
   */
  errorsOf(x: Operand): Float64Array
  /** Of how many terms the elements of products of matrices have been sums, at most. */
  readonly steps: number
}

/**
 * The reference backend, which notes beside each element what rounding may have done to it, had it been
 * computed in `precision`. To be run in float64. Sums and products of matrices count as rounded once, by
 * the sum of the magnitudes of their terms; recurrences at each step, and what is added up in place as often as
 * it is added to by that sum. Nothing is known of what comes from a number that overflows.
 */
export function analysedIn(precision: Precision): Analysed {
  const shadows = new WeakMap<Storage, Storage>()
  const analyses = new Map<Expr | string, RunningError>()

  /** What stands beside an operand. */
  const shadow = ({ storage, layout }: Operand): Operand => {
    let own = shadows.get(storage)
    if (own === undefined) {
      own = Storage.allocate('float64', Math.max(1, storage.length))
      shadows.set(storage, own)
    }
    return { storage: own, layout }
  }
  const isExact = (x: Operand): boolean => dense(shadow(x)).storage.array.every((e) => e === 0)
  const errorsOf = (x: Operand): Float64Array => dense(shadow(x)).storage.array as Float64Array
  /** The magnitude of what is in `x`, and what it may be off by. */
  const sizes = (x: Operand): Operand => combine([magnitudes(x), dense(shadow(x))])
  const expectExact = (what: string, x: Operand): void => {
    if (!isExact(x)) throw new Error(`${what} of what has been rounded is not analysed`)
  }
  const analysisOf = (formulas: readonly Expr[]): RunningError => {
    const key = formulas.map((formula) => formula.key).join()
    let analysis = analyses.get(key)
    if (analysis === undefined) analyses.set(key, (analysis = runningError(formulas, precision)))
    return analysis
  }
  /** Marks what is too large for the precision. */
  const markOverflow = (out: Operand): void => {
    const beside = shadow(out).storage.array
    const { offset, array } = out.storage
    walk(
      out.layout.shape,
      [track({ ...out, storage: new Storage('float64', array, 0) })],
      ([at]) => {
        const value = array[offset + at]
        if (Number.isFinite(value) && !Number.isFinite(precision.round(value)))
          beside[at] = Infinity
      },
    )
  }
  /** Adds up in place, by `add`: each time but the first is rounded. */
  const addUp = (x: Operand, out: Operand, add: (x: Operand, out: Operand) => void): void => {
    const count = copyOf(out, (value) => Number(value !== 0))
    add(
      dense(x, () => 1),
      count,
    )
    const sum = copyOf(out, Math.abs)
    add(magnitudes(x), sum)
    const errors = shadow(out)
    add(dense(shadow(x)), errors)
    add(x, out)
    const again = copyOf(count, (times) => Math.max(0, times - 1))
    combine([errors, product(sum, again)])
    markOverflow(out)
  }
  let steps = 0
  /** A product, in whatever way, whose elements are sums of `count` terms. */
  const multiply = (
    a: Operand,
    b: Operand,
    out: Operand,
    count: number,
    run: (a: Operand, b: Operand, out: Operand) => void,
  ): void => {
    run(a, b, out)
    if (out.storage.dtype === 'int32') return
    const parts: [Operand, Operand][] = [[magnitudes(a), magnitudes(b)]]
    if (!isExact(a)) parts.push([dense(shadow(a)), magnitudes(b)])
    if (!isExact(b)) parts.push([magnitudes(a), dense(shadow(b))])
    const sums = parts.map(([x, y]) => {
      const part = zeros(out.layout.shape)
      run(x, y, part)
      return part
    })
    write(combine(sums), shadow(out))
    markOverflow(out)
    steps = Math.max(steps, count)
  }
  const windows = reference.windows!
  const { convolve, spread, correlate } = reference.convolutions!
  const { standardize, inverseDeviation } = reference.rows!

  return {
    name: 'analysed',
    errorsOf,
    get steps() {
      return steps
    },

    elementwise(kernel, inputs, params, outs) {
      const dtypes = [...outs, ...inputs].map(({ storage }) => storage.dtype)
      const { formulas } = kernel
      const beside = inputs.map(shadow)
      const targets = outs.map(shadow)
      const found: number[][] = []
      const floats = outs.some(({ storage: { dtype } }) => dtype.startsWith('float'))
      if (moves(formulas, dtypes)) reference.elementwise(kernel, beside, params, targets)
      else {
        const tracks = [...inputs, ...beside].map((x) => track(x))
        const analysis = analysisOf(formulas)
        const values = new Float64Array(inputs.length)
        const errors = new Float64Array(inputs.length)
        walk(outs[0].layout.shape, tracks, (positions) => {
          inputs.forEach(({ storage }, k) => {
            values[k] = storage.array[positions[k]]
            errors[k] = beside[k].storage.array[positions[inputs.length + k]]
          })
          const plain = !floats && errors.every((error) => error === 0)
          found.push(plain ? formulas.map(() => 0) : analysis(values, errors, params))
        })
      }
      reference.elementwise(kernel, inputs, params, outs)
      if (found.length === 0) return
      let at = 0
      walk(
        outs[0].layout.shape,
        targets.map((x) => track(x)),
        (positions) => {
          const row = found[at++]
          targets.forEach(({ storage }, k) => (storage.array[positions[k]] = row[k]))
        },
      )
    },

    reduce(fold, x, dims, out) {
      reference.reduce(fold, x, dims, out)
      const sum = fold === 'sum' && x.storage.dtype.startsWith('float')
      if (sum) reference.reduce('sum', sizes(x), dims, shadow(out))
      else if (fold === 'max' || fold === 'min') {
        reference.reduce('max', dense(shadow(x)), dims, shadow(out))
      } else expectExact(fold, x)
      markOverflow(out)
    },

    argReduce(fold, x, dim, out) {
      expectExact('the place of an extreme', x)
      reference.argReduce(fold, x, dim, out)
    },

    argSort(x, dim, descending, out) {
      expectExact('the order', x)
      reference.argSort(x, dim, descending, out)
    },

    softmax(x, dim, logarithm, out) {
      const off = softmaxErrors(dense(x), dense(shadow(x)), dim, logarithm)
      reference.softmax(x, dim, logarithm, out)
      write(off, shadow(out))
      markOverflow(out)
    },

    recurrence(a, b, dim, reverse, out) {
      reference.recurrence(a, b, dim, reverse, out)
      if (out.storage.dtype === 'int32') return
      const before = shifted(out, dim, reverse)
      const terms = combine([
        dense(shadow(b)),
        magnitudes(out),
        product(
          magnitudes(before),
          reverse ? shifted(dense(shadow(a)), dim, true) : dense(shadow(a)),
        ),
      ])
      reference.recurrence(magnitudes(a), terms, dim, reverse, shadow(out))
      markOverflow(out)
    },

    matmul(a, b, out) {
      multiply(a, b, out, a.layout.shape.at(-1)!, (x, y, to) => reference.matmul(x, y, to))
    },

    gather(x, dim, index, out) {
      reference.gather(x, dim, index, out)
      reference.gather(shadow(x), dim, index, shadow(out))
    },

    scatterAdd(x, dim, index, out) {
      addUp(x, out, (from, to) => reference.scatterAdd(from, dim, index, to))
    },

    scatter(x, dim, index, out) {
      reference.scatter(x, dim, index, out)
      reference.scatter(shadow(x), dim, index, shadow(out))
    },

    windows: {
      unfold(x, grid, out) {
        windows.unfold(x, grid, out)
        windows.unfold(shadow(x), grid, shadow(out))
      },
      fold(x, grid, out) {
        addUp(x, out, (from, to) => windows.fold(from, grid, to))
      },
      maxOfWindows(x, grid, values, places) {
        expectExact('the place of an extreme', x)
        windows.maxOfWindows(x, grid, values, places)
      },
    },

    rows: {
      standardize(x, eps, out) {
        const off = standardizeErrors(dense(x), dense(shadow(x)), eps, false)
        standardize(x, eps, out)
        write(off, shadow(out))
        markOverflow(out)
      },
      inverseDeviation(x, eps, out) {
        const off = standardizeErrors(dense(x), dense(shadow(x)), eps, true)
        inverseDeviation(x, eps, out)
        write(off, shadow(out))
        markOverflow(out)
      },
    },

    convolutions: {
      convolve(x, w, grid, out) {
        const count = numelOf(grid.kernel) * x.layout.shape.at(-grid.input.length - 1)!
        multiply(x, w, out, count, (a, b, to) => convolve(a, b, grid, to))
      },
      spread(w, y, grid, out) {
        const count = numelOf(grid.kernel) * y.layout.shape.at(-grid.input.length - 1)!
        multiply(w, y, out, count, (a, b, to) => spread(a, b, grid, to))
      },
      correlate(x, y, grid, out) {
        const count = numelOf(grid.output) * x.layout.shape.at(-grid.input.length - 2)!
        multiply(x, y, out, count, (a, b, to) => correlate(a, b, grid, to))
      },
    },
  }
}

/** The base of every error that gradtape throws on purpose. */
export class GradtapeError extends Error {
  override readonly name: string = 'GradtapeError'
}

/** Shapes that do not fit an operation or each other. */
export class ShapeError extends GradtapeError {
  override readonly name: string = 'ShapeError'
}

/** A dtype that an operation can't take, or dtypes that can't meet. */
export class DTypeError extends GradtapeError {
  override readonly name: string = 'DTypeError'
}

/** Differentiation asked of something that has no gradient, or at the wrong time. */
export class GradientError extends GradtapeError {
  override readonly name: string = 'GradientError'
}

/** An argument outside its range. */
export class ValueError extends GradtapeError {
  override readonly name: string = 'ValueError'
}

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Demands that `x` is of type `T`, no wider and no narrower. */
export function is<T>(): <X>(x: X, ...no: Equal<X, T> extends true ? [] : [never]) => void {
  return () => {}
}

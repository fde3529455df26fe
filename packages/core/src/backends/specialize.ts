/**
 * Copies of a self-contained function, one for each key, made when first asked for. Each has type
 * feedback of its own, so that V8 compiles it for the one kind of array that it is given: loops
 * shared among dtypes run 2 to 4 times slower. The key goes into the text, as V8 shares feedback
 * between functions of equal text. Where the page's policy forbids making functions from text, all
 * are the function itself.
 */
export function specialized<F extends (...args: never[]) => unknown>(fn: F): (key: string) => F {
  const copies: Record<string, F> = {}
  return (key) => (copies[key] ??= copyOf(fn, key))
}

function copyOf<F extends (...args: never[]) => unknown>(fn: F, key: string): F {
  try {
    return new Function(`/* ${key} */ return ${fn.toString()}`)() as F
  } catch {
    return fn
  }
}

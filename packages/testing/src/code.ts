import { isTensor, type Tensor } from '@gradtape/core'

/** Arguments of an op as JavaScript; tensors by their names. */
export function argumentsCode(args: readonly unknown[], nameOf: (x: Tensor) => string): string {
  const show = (arg: unknown): string => {
    if (isTensor(arg)) return nameOf(arg)
    if (Array.isArray(arg)) return `[${arg.map(show).join(', ')}]`
    if (typeof arg === 'object' && arg !== null) {
      const entries = Object.entries(arg).map(([key, value]) => `${key}: ${show(value)}`)
      return `{ ${entries.join(', ')} }`
    }
    return typeof arg === 'string' ? `'${arg}'` : String(arg)
  }
  return args.map(show).join(', ')
}

/** A contiguous tensor with the elements of `x`, as JavaScript. */
export function tensorCode({ data, shape, dtype }: Tensor, requiresGrad = false): string {
  const options = [`shape: [${shape.join(', ')}]`, `dtype: '${dtype}'`]
  if (requiresGrad) options.push('requiresGrad: true')
  return `tensor([${[...data].join(', ')}], { ${options.join(', ')} })`
}

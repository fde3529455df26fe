import { GradientError, isTensor, ValueError, type Tensor } from '@gradtape/core'

/** Parameters with options of their own, as a user gives them. */
export type GroupOf<O> = O & { readonly params: Tensor | readonly Tensor[] }

/** What an optimizer is made for: a list of parameters, or of groups. */
export type Params<O> = readonly Tensor[] | readonly GroupOf<O>[]

/** Parameters that are updated alike; the options may be changed between steps. */
export type ParamGroup<O> = { -readonly [K in keyof O]-?: O[K] } & { readonly params: Tensor[] }

/** The groups given; a list of parameters is one group. @throws {ValueError} for anything else. */
export function groupsOf<O>(name: string, params: Params<O>): readonly GroupOf<O>[] {
  if (!Array.isArray(params)) throw noList(name, params)
  if (params.some((item) => isGroup(item))) {
    const other = params.find((item) => !isGroup(item))
    if (other === undefined) return params
    throw new ValueError(
      `${name}: expected parameters or groups { params: […] }, got both; put every parameter into a group`,
    )
  }
  return [{ params } as GroupOf<O>]
}

/** Whether this is parameters with options, rather than a parameter. */
export function isGroup(item: unknown): item is { params: unknown } {
  return typeof item === 'object' && item !== null && !isTensor(item) && 'params' in item
}

/**
 * The parameters of one group, checked.
 * @throws {ValueError} for what is no tensor, and for a parameter that is there already.
 * @throws {GradientError} for a tensor that can get no gradient.
 */
export function checkParams(
  name: string,
  params: Tensor | readonly Tensor[],
  known: ReadonlySet<Tensor>,
): Tensor[] {
  const list = isTensor(params) ? [params] : params
  if (!Array.isArray(list)) throw noList(name, list)
  const seen = new Set(known)
  list.forEach((p: unknown, i) => {
    if (!isTensor(p)) {
      throw new ValueError(
        `${name}: parameter ${i} is no tensor but ${describe(p)}; pass model.parameters() or tensors made with { requiresGrad: true }`,
      )
    }
    const which = `${name}: parameter ${i} of shape [${p.shape.join(', ')}]`
    if (!p.isLeaf) {
      throw new GradientError(
        `${which} was computed from other tensors, so no gradient is kept for it; pass the tensors it was computed from, or detach().requiresGrad_() it`,
      )
    }
    if (!p.requiresGrad) {
      throw new GradientError(
        `${which} does not require gradients; make it with { requiresGrad: true }, or leave it out: parameters.filter((p) => p.requiresGrad)`,
      )
    }
    if (seen.has(p)) {
      throw new ValueError(
        `${which} is there twice, in one group or in two, and would be updated twice a step; pass it once`,
      )
    }
    seen.add(p)
  })
  return [...list]
}

function noList(name: string, seen: unknown): ValueError {
  const hint =
    typeof seen === 'function' || (typeof seen === 'object' && seen !== null && 'forward' in seen)
      ? 'call it: model.parameters()'
      : 'put a single tensor into an array: [w]'
  return new ValueError(
    `${name}: expected an array of parameters or of groups { params: […] }, got ${describe(seen)}; ${hint}`,
  )
}

function describe(value: unknown): string {
  if (isTensor(value)) return `a tensor of shape [${value.shape.join(', ')}]`
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

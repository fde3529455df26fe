import { ValueError } from '@gradtape/core'
import type { Member } from './members.ts'
import type { Module } from './module.ts'

/** The name of something within a module that has a name itself; the root has none. */
function joined(outer: string, inner: string): string {
  return outer === '' ? inner : `${outer}.${inner}`
}

/**
 * The module and all modules within, outer before inner, under every name that leads to them. A field
 * that leads back up, such as one that names the parent, is not followed.
 */
function* paths(
  module: Module,
  name: string,
  above: readonly Module[],
): Generator<[name: string, module: Module]> {
  if (above.includes(module)) return
  yield [name, module]
  for (const member of module.ownMembers()) {
    if (member.kind !== 'module') continue
    yield* paths(member.value, joined(name, member.name), [...above, module])
  }
}

/** The module and all modules within, each once, under its first name; the root's name is ''. */
export function namedModules(root: Module): [name: string, module: Module][] {
  return firstNames(paths(root, '', []))
}

type MemberOf<K extends Member['kind']> = Extract<Member, { readonly kind: K }>

/**
 * The members of a kind that a module and those within hold, under every name that leads to them.
 * @throws {ValueError} when one name leads to two of them.
 */
export function namedMembers<K extends Member['kind']>(
  root: Module,
  ...kinds: readonly K[]
): [name: string, member: MemberOf<K>][] {
  const found = new Map<string, MemberOf<K>>()
  for (const [outer, module] of paths(root, '', [])) {
    for (const member of module.ownMembers()) {
      if (!(kinds as readonly string[]).includes(member.kind)) continue
      const name = joined(outer, member.name)
      if (found.has(name)) {
        throw new ValueError(
          `${root.constructor.name}: two members have the name '${name}'; fields are named in snake case, so that fooBar and foo_bar can't stand side by side`,
        )
      }
      found.set(name, member as MemberOf<K>)
    }
  }
  return [...found]
}

/** Each value once, under its first name. */
export function firstNames<T>(entries: Iterable<readonly [string, T]>): [string, T][] {
  const names = new Map<T, string>()
  for (const [name, value] of entries) if (!names.has(value)) names.set(value, name)
  return Array.from(names, ([value, name]) => [name, value])
}

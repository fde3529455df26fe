import type { Module } from './module.ts'

/** The module and those within as PyTorch prints them: a line each, indented by depth. */
export function reprOf(module: Module, above: readonly Module[] = []): string {
  const { name } = module.constructor
  if (above.includes(module)) return `${name}(...)`
  const extra = module.extraRepr()
  const children = module.ownMembers().flatMap((member) => {
    if (member.kind !== 'module') return []
    const inner = reprOf(member.value, [...above, module])
    return [`(${member.name}): ${inner.replaceAll('\n', '\n  ')}`]
  })
  if (children.length === 0) return `${name}(${extra})`
  const lines = extra === '' ? children : [extra, ...children]
  return `${name}(\n${lines.map((line) => `  ${line}\n`).join('')})`
}

import type { Tensor } from '@gradtape/core'

/** How tensors lie in memory, and those that are special for their shape. */
export const layoutNames = [
  'contiguous',
  'strided',
  'narrowed',
  'expanded',
  '0-d',
  'empty',
] as const

export type LayoutName = (typeof layoutNames)[number]

/** All that a tensor is. */
export function layoutsOf({ shape, layout, storage, numel }: Tensor): LayoutName[] {
  const stretched = layout.strides.some((stride, d) => stride === 0 && shape[d]! > 1)
  const is: Record<LayoutName, boolean> = {
    contiguous: layout.isContiguous,
    strided: !layout.isContiguous && !stretched,
    // Of a larger tensor a part.
    narrowed: !stretched && numel < storage.array.length,
    expanded: stretched,
    '0-d': shape.length === 0,
    empty: numel === 0,
  }
  return layoutNames.filter((name) => is[name])
}

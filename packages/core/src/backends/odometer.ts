import { numelOf, type Shape } from '../shape.ts'

/** Strides over some shape, and where to start. */
export interface Track {
  readonly strides: readonly number[]
  readonly offset: number
}

/**
 * Calls `visit` for every index of `shape` in row-major order, with the position that each track
 * gives it. The array of positions is reused from call to call.
 */
export function walk(
  shape: Shape,
  tracks: readonly Track[],
  visit: (positions: number[]) => void,
): void {
  const index = new Array<number>(shape.length).fill(0)
  const positions = tracks.map((track) => track.offset)
  for (let left = numelOf(shape); left > 0; left--) {
    visit(positions)
    for (let d = shape.length - 1; d >= 0; d--) {
      const wrapped = index[d] === shape[d]! - 1
      index[d] = wrapped ? 0 : index[d]! + 1
      // Never −1 times a stride of 0: after a −0, V8 takes all positions for floats.
      const back = shape[d]! - 1
      for (let k = 0; k < tracks.length; k++) {
        const stride = tracks[k]!.strides[d]!
        if (wrapped) positions[k]! -= back * stride
        else positions[k]! += stride
      }
      if (!wrapped) break
    }
  }
}

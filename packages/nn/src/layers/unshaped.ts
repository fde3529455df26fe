import type { Tensor } from '@gradtape/core'

/**
 * A function of core over windows, of x, of weight and bias or of the windows' size, and of options,
 * without what its type tells of shapes: layers hold neither sizes nor options in their types, and to
 * find out that nothing is known costs the compiler more than all else in them.
 */
export type Unshaped = (x: Tensor, ...rest: readonly unknown[]) => Tensor

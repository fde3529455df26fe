import { randint, RandomState } from '@gradtape/core'

/**
 * The stream that a `randomState` option means: the one given, a new one from a seed, or, without
 * either, one whose seed comes from the default generator (so that `manualSeed` settles it).
 */
export function randomStateOf(randomState: number | RandomState | undefined): RandomState {
  if (randomState instanceof RandomState) return randomState
  return new RandomState(randomState ?? randint(0, 2 ** 31 - 1, []).item())
}

import { GradtapeError } from './errors.ts'

// Two copies of core would each have a tape of their own and not see the other's tensors record:
// gradients would be lost without a word. So a second one refuses to load.
const key = Symbol.for('gradtape.core')
const registry = globalThis as { [key]?: string }
const here = (import.meta as { url?: string }).url ?? 'a bundle'

if (registry[key] !== undefined && (registry[key] !== here || here === 'a bundle')) {
  throw new GradtapeError(
    `a second copy of @gradtape/core was loaded from ${here}; the first came from ${registry[key]}. ` +
      'Only one may be in a process: install a single version (npm ls @gradtape/core shows who brings which) and keep it a peer dependency',
  )
}
registry[key] = here

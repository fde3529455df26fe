import { GradtapeError } from './errors.ts'

// Two copies of core would each have a tape of their own and not see the other's tensors record:
// gradients would be lost without a word. So a second one refuses to load.
const key = Symbol.for('gradtape.core')

if (key in globalThis) {
  throw new GradtapeError(
    'a second copy of @gradtape/core was loaded. Only one may be in a process: install a single ' +
      'version (npm ls @gradtape/core shows who brings which) and keep it a peer dependency',
  )
}
Object.defineProperty(globalThis, key, { value: true })

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** The bytes of all elements of all tensors that are still in use. */
export function bytesHeld(): number {
  // What the first collection finds unused, the second one gives back.
  collectGarbage()
  collectGarbage()
  return process.memoryUsage().arrayBuffers
}

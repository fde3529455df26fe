import { fork, type ChildProcess } from 'node:child_process'
import { inRoot, root } from '../root.ts'
import type { Proof, Search } from './proof.ts'
import type { Task } from './worker.ts'

const worker = inRoot('packages/dev/src/proof/worker.ts')

/** Searches among the cases of many ops in several processes; results in the order of the ops. */
export async function sideBySide(
  ops: readonly string[],
  search: Search,
  { workers, onProof }: { readonly workers: number; readonly onProof: (proof: Proof) => void },
): Promise<Proof[]> {
  const found = new Array<Proof>(ops.length)
  let next = 0
  const work = async (): Promise<void> => {
    const child = fork(worker, { cwd: root, serialization: 'advanced' })
    try {
      while (next < ops.length) {
        const at = next++
        found[at] = await ask(child, { op: ops[at]!, ...search })
        onProof(found[at])
      }
    } finally {
      child.kill()
    }
  }
  await Promise.all(Array.from({ length: Math.min(workers, ops.length) }, work))
  return found
}

/** @throws {Error} when the process ends before it answers. */
function ask(child: ChildProcess, task: Task): Promise<Proof> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => {
      reject(new Error(`the process that searched for ${task.op} ended with ${code}`))
    }
    child.once('exit', ended)
    child.once('message', (proof) => {
      child.off('exit', ended)
      resolve(proof as Proof)
    })
    child.send(task)
  })
}

// A process that searches: it is sent the name of an op, and answers with what it found.
import { opTable } from '@gradtape/testing'
import { proofOf, type Search } from './proof.ts'

export interface Task extends Search {
  readonly op: string
}

process.on('message', ({ op, ...search }: Task) => {
  process.send!(proofOf(opTable().get(op)!, search))
})

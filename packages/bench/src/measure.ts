import { PeerProcess } from './peer-process.ts'
import type { Peer } from './peers.ts'
import { difference, summary, type Timing } from './statistics.ts'
import type { Case, Workload } from './workload.ts'

/** A peer's figures for one case, or why there are none. */
export type Outcome = Timing | { readonly cannot: string }

export interface CaseResult {
  readonly label: string
  readonly line?: string
  readonly at?: number
  readonly outcomes: Readonly<Record<string, Outcome>>
}

export interface WorkloadResult {
  readonly name: string
  readonly title: string
  readonly cases: readonly CaseResult[]
  /** Peak bytes above those after loading, by peer. */
  readonly memory: Readonly<Record<string, number>>
}

export interface Effort {
  readonly rounds: number
  /** Of one peer in one round. */
  readonly seconds: number
  readonly warmUp: number
  /** A slow peer takes no more rounds after so many seconds. */
  readonly patience: number
}

/** Whole steps take longer: engines compile them bit by bit, and a turn has to hold more than a few. */
const ofSteps = (effort: Effort): Effort => ({
  ...effort,
  seconds: 4 * effort.seconds,
  warmUp: 5 * effort.warmUp,
})

export const thorough: Effort = { rounds: 11, seconds: 0.05, warmUp: 0.3, patience: 10 }
export const quick: Effort = { rounds: 3, seconds: 0.03, warmUp: 0.15, patience: 2 }

/** All cases of a workload by all peers: a process each, and rounds in which they take turns. */
export async function measure(
  workload: Workload,
  peers: readonly Peer[],
  effort: Effort,
  versions: Record<string, string>,
): Promise<WorkloadResult> {
  const missing: Record<string, Outcome> = {}
  const processes: PeerProcess[] = []
  for (const peer of peers) {
    if (!peer.does(workload)) continue
    for (const launch of peer.launches) {
      try {
        const [process, { version }] = await PeerProcess.start(peer, launch)
        processes.push(process)
        if (version) versions[peer.name] = version
      } catch (error) {
        missing[peer.name] = cannot(error)
      }
    }
  }
  try {
    const cases: CaseResult[] = []
    for (const one of workload.cases) {
      const each = workload.check.steps > 1 ? ofSteps(effort) : effort
      const outcomes = await measureCase(workload, one, processes, each)
      const { label, line, at } = one
      cases.push({ label, line, at, outcomes: { ...missing, ...outcomes } })
    }
    const memory: Record<string, number> = {}
    for (const process of processes) {
      const peak = process.memory.peak()
      if (peak !== null) memory[process.peer.name] = peak
    }
    return { name: workload.name, title: workload.title, cases, memory }
  } finally {
    for (const process of processes) process.stop()
  }
}

async function measureCase(
  workload: Workload,
  { settings }: Case,
  processes: readonly PeerProcess[],
  effort: Effort,
): Promise<Record<string, Outcome>> {
  const outcomes: Record<string, Outcome> = {}
  const racing = new Map<PeerProcess, number[]>()
  let expected: number[] | undefined
  const turn = async (process: PeerProcess, take: () => Promise<void>): Promise<void> => {
    try {
      await take()
    } catch (error) {
      outcomes[process.peer.name] = cannot(error)
      racing.delete(process)
    }
  }
  for (const process of processes) {
    await turn(process, async () => {
      await process.begin(process.peer.python ? workload.torch : workload.name, settings)
      const outputs = await process.outputs(workload.check.steps)
      expected ??= outputs
      const { tolerance, float32Tolerance = tolerance } = workload.check
      const allowed = process.peer.float32 ? float32Tolerance : tolerance
      const wrong = difference(expected, outputs, allowed)
      if (wrong) throw new Error(`differs from ${processes[0].peer.title}: ${wrong}`)
      await process.time(effort.warmUp)
      racing.set(process, [])
    })
  }
  for (let round = 0; round < effort.rounds; round++) {
    for (const [process, times] of shuffled([...racing])) {
      const spent = times.reduce((sum, time) => sum + Math.max(time / 1e6, effort.seconds), 0)
      if (spent > effort.patience) continue
      await turn(process, async () => void times.push(await process.time(effort.seconds)))
    }
  }
  for (const [{ peer }, times] of racing) {
    const before = outcomes[peer.name]
    const timing = summary(times)
    // Of several launches of a peer the best counts.
    if (!before || 'cannot' in before || timing.median < before.median) outcomes[peer.name] = timing
  }
  return outcomes
}

/** Threads of some libraries spin on for a while: nobody shall always come after the same one. */
function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((one) => ({ one, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ one }) => one)
}

function cannot(error: unknown): { cannot: string } {
  return { cannot: error instanceof Error ? error.message : String(error) }
}

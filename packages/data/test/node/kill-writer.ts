// Kills a process that keeps saving, at random moments, and looks at what it leaves:
// `npm run ts -- packages/data/test/node/kill-writer.ts [KILLS]`.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { full } from '@gradtape/core'
import { loadSafetensors, saveSafetensors } from '@gradtape/data/node'

/** A state of three megabytes whose elements all are one number. */
const state = (value: number) =>
  Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`w${i}`, full([65_536], value)]))

const [first = '50', path] = process.argv.slice(2)
if (path !== undefined) {
  for (let saves = 0; ; saves++) {
    await saveSafetensors(path, state(saves))
    process.send?.(saves)
  }
}

const folder = mkdtempSync(join(tmpdir(), 'gradtape-kill-'))
const file = join(folder, 'state.safetensors')
let saved = 0
try {
  for (let kills = 0; kills < Number(first); kills++) {
    const writer = fork(fileURLToPath(import.meta.url), [first, file])
    await once(writer, 'message')
    await sleep(Math.random() * 60)
    writer.kill('SIGKILL')
    await once(writer, 'exit')
    const values = Object.values(await loadSafetensors(file)).map((x) => [
      x.amin().item(),
      x.amax().item(),
    ])
    const [value] = values.flat()
    if (values.length !== 12 || !values.flat().every((each) => each === value)) {
      throw new Error(`after kill ${kills + 1} the file is of several states: ${values.join('; ')}`)
    }
    saved += value! + 1
  }
  console.log(`${first} kills among ${saved} saves: each time the file was whole`)
} finally {
  rmSync(folder, { recursive: true })
}

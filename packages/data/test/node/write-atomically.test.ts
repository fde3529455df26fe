import { chmod, lstat, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import type * as Files from 'node:fs/promises'
import { join } from 'node:path'
import { arange, zeros } from '@gradtape/core'
import { writeSafetensors } from '@gradtape/data'
import { saveSafetensors } from '@gradtape/data/node'
import { describe, expect, it, vi } from 'vitest'
import { writeAtomically } from '../../src/node/write-atomically.ts'
import { testFolder } from './folder.ts'

/** The system calls that the writer may still make before the machine stops; it never recovers. */
let callsLeft = Infinity
let done: string[] = []

function call(name: string): void {
  if (callsLeft-- <= 0) throw new Error(`the machine has stopped before ${name}`)
  done.push(name)
}

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof Files>()
  const guarded =
    <A extends unknown[], R>(name: string, f: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      call(name)
      return f(...args)
    }
  return {
    ...real,
    realpath: guarded('realpath', real.realpath as (path: string) => Promise<string>),
    rename: guarded('rename', real.rename),
    rm: guarded('rm', real.rm),
    open: guarded('open', async (...args: Parameters<typeof real.open>) => {
      const handle = await real.open(...args)
      const [write, sync] = [handle.writeFile.bind(handle), handle.sync.bind(handle)]
      handle.sync = guarded('sync', sync)
      handle.writeFile = async (data) => {
        // A write that is cut off has written a part.
        if (callsLeft === 0) await write((data as Uint8Array).subarray(0, 7))
        call('write')
        await write(data)
      }
      return handle
    }),
  }
})

const folder = await testFolder()

describe('a writer', () => {
  it('leaves all of the old file or all of the new, wherever it is interrupted', async () => {
    const path = join(folder, 'state.safetensors')
    const before = { a: zeros([300]), b: zeros([40], { dtype: 'float64' }) }
    const after = { a: arange(300), b: arange(40, { dtype: 'float64' }) }
    const [old, next] = [writeSafetensors(before), writeSafetensors(after)]
    const seen: string[] = []
    for (let calls = 0; seen.at(-1) !== 'finished'; calls++) {
      callsLeft = Infinity
      await saveSafetensors(path, before)
      callsLeft = calls
      done = []
      const finished = await saveSafetensors(path, after).then(
        () => callsLeft >= 0,
        () => false,
      )
      const content = Buffer.from(await readFile(path))
      const renamed = done.includes('rename')
      expect(content.equals(renamed ? next : old)).toBe(true)
      seen.push(finished ? 'finished' : renamed ? 'new' : 'old')
    }
    callsLeft = Infinity
    // realpath, open, three writes, sync; then it is renamed, and the folder opened and synced.
    expect(seen).toEqual([...Array<string>(7).fill('old'), 'new', 'new', 'finished'])
    expect(done).toEqual([
      'realpath',
      'open',
      'write',
      'write',
      'write',
      'sync',
      'rename',
      'open',
      'sync',
    ])
  })

  it('removes what it began when writing fails, and reports why', async () => {
    const path = join(folder, 'kept.bin')
    await writeFile(path, 'old')
    const files = await readdir(folder)
    function* failing(): Generator<Uint8Array> {
      yield new Uint8Array(1000)
      throw new Error('no more')
    }
    await expect(writeAtomically(path, failing())).rejects.toThrow('no more')
    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await readdir(folder)).toEqual(files)
  })

  it("keeps a file's permissions, and a link a link", async () => {
    const [path, link] = [join(folder, 'private.bin'), join(folder, 'link.bin')]
    await writeFile(path, 'old')
    await chmod(path, 0o600)
    await symlink(path, link)
    await writeAtomically(link, [Uint8Array.of(110, 101, 119)])
    expect(await readFile(path, 'utf8')).toBe('new')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
  })
})

import { spawnSync } from 'node:child_process'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ones } from '@gradtape/core'
import { describe, expect, test, vi } from 'vitest'
import { blas } from '../src/index.ts'

/** Runs a program that imports the package, with another GRADTAPE_BLAS. */
function run(program: string, library?: string): { output: unknown; said: string } {
  const index = new URL('../src/index.ts', import.meta.url)
  const script = `
    import { ones } from '@gradtape/core'
    import { blas, setThreads } from '${index.href}'
    const result = () => { ${program} }
    console.log(JSON.stringify(result()))`
  const flags = ['--conditions=@gradtape/source', '--import', 'tsx', '--input-type=module']
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, '-e', script], {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('../../dev', import.meta.url)),
    env: library === undefined ? process.env : { ...process.env, GRADTAPE_BLAS: library },
  })
  return { output: stdout === '' ? stderr : JSON.parse(stdout), said: stderr }
}

describe('where there is no usable library', () => {
  const program = `
    let refused
    try { setThreads(1) } catch (error) { refused = error.name + ': ' + error.message }
    return [blas, ones([64, 64]).matmul(ones([64, 64])).sum().item(), refused]`

  test.each(['libnowhere.so', fileURLToPath(import.meta.url)])(
    'everything goes on without, after one line: %s',
    (library) => {
      const { output, said } = run(program, library)
      expect(output).toEqual([null, 64 ** 3, expect.stringMatching(/^GradtapeError: setThreads: /)])
      expect(said).toMatch(/^@gradtape\/native: .+ can't be used: .+\. Going on without\..+\n$/)
      expect(said.startsWith(`@gradtape/native: ${library} `)).toBe(true)
    },
  )
})

describe('where there is one', () => {
  test('it multiplies, and says nothing', ({ skip }) => {
    skip(blas === null, 'there is no BLAS on this machine')
    const program = 'return [blas, ones([64, 64]).matmul(ones([64, 64])).sum().item()]'
    const { output, said } = run(program)
    expect(said).toBe('')
    const { name, path, threads } = blas!
    expect(output).toEqual([expect.objectContaining({ name, path, threads }), 64 ** 3])
  })

  test('large products go to it, small ones do not', ({ skip }) => {
    skip(blas === null, 'there is no BLAS on this machine')
    const multiply = vi.spyOn(blas!.gemm, 'multiply')
    ones([8, 7]).matmul(ones([7, 8]))
    expect(multiply).toHaveBeenCalledTimes(0)
    ones([8, 8]).matmul(ones([8, 8]))
    expect(multiply).toHaveBeenCalledTimes(1)
    multiply.mockRestore()
  })

  test('it can be named', ({ skip }) => {
    skip(blas === null, 'there is no BLAS on this machine')
    expect(run('return blas.path', blas!.path).output).toBe(blas!.path)
    expect(basename(blas!.path)).not.toBe(blas!.path)
  })
})

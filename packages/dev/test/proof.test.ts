import { arange, GradientError, tensor, zeros, type EntryInfo, type Tensor } from '@gradtape/core'
import { opTable, type TableEntry } from '@gradtape/testing'
import { describe, expect, test } from 'vitest'
import { command } from '../src/command.ts'
import { layoutsOf } from '../src/proof/layouts.ts'
import { proofOf } from '../src/proof/proof.ts'
import { reportOf } from '../src/proof/report.ts'
import { inRoot } from '../src/root.ts'

const search = { runs: 10, seed: 1 }

/** What a line of the report says under its headings. */
function rowIn(report: string, op: string): Record<string, string> {
  const [headings, ...rows] = report.split('\n')
  const cells = (line: string): string[] => line.split(/ {2,}/)
  const row = rows.map(cells).find(([name]) => name === op)!
  return Object.fromEntries(cells(headings!).map((heading, k) => [heading, row[k] ?? '']))
}

describe('the search among the cases of an op', () => {
  const proof = proofOf(opTable().get('mul')!, search)

  test('tries every law and measures errors', () => {
    expect(proof.failures).toEqual([])
    expect(Object.values(proof.cases).every((count) => count === search.runs)).toBe(true)
    expect(Object.keys(proof.cases).length).toBeGreaterThan(15)
    expect(Object.keys(proof.errors)).toEqual([
      'first order',
      'second order',
      'third order',
      'adjoint',
    ])
    for (const error of Object.values(proof.errors)) {
      expect(error).toBeGreaterThan(0)
      expect(error).toBeLessThan(1e-8)
    }
  })

  test('meets every layout', () => {
    expect(Object.values(proof.layouts).every((count) => count > 0)).toBe(true)
  })

  test('repeats by its seed', () => {
    expect(proofOf(opTable().get('mul')!, search)).toEqual(proof)
    expect(proofOf(opTable().get('mul')!, { ...search, seed: 2 })).not.toEqual(proof)
  })

  test('says why there are no derivatives', () => {
    const { errors, remark } = proofOf(opTable().get('argmax')!, search)
    expect(errors).toEqual({})
    expect(remark).toBe('none: an index is piecewise constant')
  })
})

describe('the report', () => {
  const entry: EntryInfo = {
    name: 'wrong',
    kind: 'composed',
    differentiable: true,
    method: null,
    samples: (g) => [g.real([2])],
  }
  const wrong: TableEntry = Object.assign((x: Tensor) => x.mul(x.detach()), { entry })
  const refusing: TableEntry = Object.assign(
    (): never => {
      throw new GradientError('refuses')
    },
    { entry },
  )

  test('has a row for each op', () => {
    const proofs = ['exp', 'gt'].map((op) => proofOf(opTable().get(op)!, search))
    const report = reportOf(proofs, search)
    expect(rowIn(report, 'exp')).toMatchObject({
      kind: 'elementwise',
      cases: '170',
      'first order': expect.stringMatching(/^\d\.\de-\d+$/),
      vmap: 'yes',
      dtypes: 'float32 float64 int32 bool',
      'storage dtypes': 'converted',
    })
    expect(rowIn(report, 'gt')).toMatchObject({
      adjoint: '-',
      remarks: 'none: yes or no is piecewise constant',
    })
    expect(report).toMatch(/^first order +1 +10 +\d\.\de-\d+ exp$/m)
    expect(report).toContain('2 ops, 270 cases: 10 for each law of an op, of seed 1;')
    expect(report).toContain('0 laws broken')
    expect(report).not.toContain('repeat:')
  })

  test('says what is wrong and how to repeat it', () => {
    const report = reportOf([proofOf(wrong, search)], search)
    expect(report).toMatch(/wrong, first order: failed after 1 cases; \{ seed: 1, path: '0' \}/)
    expect(report).toContain('repeat: npm run proof -- --ops wrong --runs 10 --seed 1')
    expect(report).not.toContain('0 laws broken')
  })

  test('says what can not be called', () => {
    const { failures } = proofOf(refusing, search)
    expect(failures[0]).toBe('wrong: refuses all arguments that its entry draws')
  })
})

test('layouts are told by strides, shape and memory', () => {
  const x = arange(6).reshape([2, 3])
  expect(layoutsOf(x)).toEqual(['contiguous'])
  expect(layoutsOf(x.t())).toEqual(['strided'])
  expect(layoutsOf(x.at(1))).toEqual(['contiguous', 'narrowed'])
  expect(layoutsOf(x.narrow(1, 0, 2))).toEqual(['strided', 'narrowed'])
  expect(layoutsOf(tensor([1]).expand([4]))).toEqual(['expanded'])
  expect(layoutsOf(tensor(1))).toEqual(['contiguous', '0-d'])
  expect(layoutsOf(zeros([0, 2]))).toEqual(['contiguous', 'empty'])
})

describe('`npm run proof`', () => {
  const run = (...args: string[]): ReturnType<typeof command> =>
    command(process.execPath, [inRoot('packages/dev/bootstrap.mjs'), script, ...args])
  const script = inRoot('packages/dev/src/proof.ts')

  test('prints the report of the ops that are named', async () => {
    const { ok, output } = await run('--ops', 'tanh,any', '--runs', '3', '--workers', '2')
    expect(ok).toBe(true)
    expect(output).toMatch(/^tanh +elementwise +51 /m)
    expect(output).toMatch(/^any +reduction /m)
  })

  test('refuses what it does not know', async () => {
    const { ok, output } = await run('--ops', 'tan,tahn')
    expect(ok).toBe(false)
    expect(output).toContain('proof: there is no op called tahn')
    expect((await run('--runs', '0')).output).toContain(
      '--runs must be an integer from 1 on, got 0',
    )
  })
})

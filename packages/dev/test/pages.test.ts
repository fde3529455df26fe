import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { inRoot, publicPackages } from '../src/root.ts'

const pages = [
  ...readdirSync(inRoot('.')),
  ...readdirSync(inRoot('docs'), { encoding: 'utf8', recursive: true }).map((name) =>
    join('docs', name),
  ),
  ...publicPackages.map((name) => `packages/${name}/README.md`),
].filter((name) => name.endsWith('.md'))

function read(page: string): string {
  return readFileSync(inRoot(page), 'utf8')
}

/** A page without its blocks of code. */
function prose(page: string): string {
  return read(page).replace(/^```[^]*?^```/gm, '')
}

/** The anchors that a page's headings get, as on GitHub. */
function anchors(page: string): string[] {
  return [...prose(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

test.each(pages)('the links of %s lead somewhere', (page) => {
  const links = [...prose(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)]
  const broken = links.filter(([, path, anchor]) => {
    const target = path === '' ? page : join(dirname(page), path!)
    if (!existsSync(inRoot(target))) return true
    return anchor !== undefined && !anchors(target).includes(anchor)
  })
  expect(broken.map(([link]) => link)).toEqual([])
})

test.each(pages)('the scripts that %s names exist', (page) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const named = [...read(page).matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name]) => name!)
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})

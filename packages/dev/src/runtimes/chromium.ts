import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** The browser's program and what it says of itself: CHROMIUM, or the first that the path has. */
export function findChromium(): { program: string; version: string } | null {
  const names = process.env.CHROMIUM
    ? [process.env.CHROMIUM]
    : ['chromium', 'chromium-browser', 'google-chrome', 'chrome']
  for (const program of names) {
    const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
    if (status === 0) return { program, version: stdout.trim() }
  }
  return null
}

export interface Site {
  /** What lies at the address `/NAME`, besides an empty page at `/` that runs `/page.js`. */
  readonly scripts: Readonly<Record<string, string>>
  /** The Content-Security-Policy of the page, if it has one. */
  readonly policy?: string
}

/**
 * Opens a page and hands on what it posts, until `receive` returns true or time is over. A page that
 * throws has posted why.
 */
export async function visit(
  program: string,
  site: Site,
  receive: (posted: string) => boolean,
  minutes: number,
): Promise<{ ok: boolean; why: string }> {
  const profile = mkdtempSync(join(tmpdir(), 'gradtape-chromium-'))
  let seen = (_ok: boolean): void => undefined
  const done = new Promise<boolean>((resolve) => (seen = resolve))
  const server = serve(site, (posted) => {
    if (receive(posted)) seen(true)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run']
  const child = spawn(
    program,
    [...flags, `--user-data-dir=${profile}`, `http://127.0.0.1:${port}/`],
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  )
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)))
  child.on('error', (error) => {
    said += error.message
    seen(false)
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  void ended.then(() => seen(false))
  const timer = setTimeout(() => seen(false), minutes * 60_000)
  const ok = await done
  clearTimeout(timer)
  try {
    // With all that it has started.
    process.kill(-child.pid!, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
  await ended
  server.closeAllConnections()
  server.close()
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  return { ok, why: said }
}

const page = '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>'

function serve({ scripts, policy }: Site, receive: (posted: string) => void): Server {
  return createServer(async (request: IncomingMessage, response) => {
    if (request.method === 'POST') {
      receive(await text(request))
      response.end()
      return
    }
    const script = scripts[request.url!.slice(1)]
    const isPage = request.url === '/'
    response.writeHead(isPage || script !== undefined ? 200 : 404, {
      'Content-Type': isPage ? 'text/html' : 'text/javascript',
      // Each load is a first one.
      'Cache-Control': 'no-store',
      ...(policy === undefined ? {} : { 'Content-Security-Policy': policy }),
    })
    response.end(isPage ? page : script)
  })
}

import { spawn } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import { inRoot, root } from './root.ts'

export interface CommandResult {
  readonly ok: boolean
  /** stdout and stderr as they came, together. */
  readonly output: string
}

export interface CommandOptions {
  readonly cwd?: string
  /** Show the output as it comes instead of keeping it. */
  readonly show?: boolean
  /** A program that runs for longer is ended, and has failed. */
  readonly minutes?: number
  /** Variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a program to its end, without stdin. That it fails is a result, not an exception. */
export function command(
  program: string,
  args: readonly string[],
  { cwd = root, show = false, minutes = 10, env = {} }: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((done) => {
    const out = show ? 'inherit' : 'pipe'
    const child = spawn(program, args, {
      cwd,
      stdio: ['ignore', out, out],
      // Colours for eyes only: what is kept or goes to a file stays plain.
      env: { ...process.env, ...(show && process.stdout.isTTY ? {} : { NO_COLOR: '1' }), ...env },
      // npm and npx are scripts there, not programs.
      shell: windows && program !== process.execPath,
      // A process group of its own, so that a worker caught in a loop ends with its parent.
      detached: !windows,
    })
    let output = ''
    const keep = (chunk: Buffer): void => {
      output += chunk.toString()
    }
    const end = (why: string): void => {
      output += `\n${why}`
      if (child.pid !== undefined) process.kill(windows ? child.pid : -child.pid, 'SIGKILL')
    }
    const interrupt = (): never => {
      end('interrupted')
      process.exit(130)
    }
    const timer = setTimeout(() => end(`ended after ${minutes} minutes`), minutes * 60_000)
    const finish = (ok: boolean): void => {
      clearTimeout(timer)
      process.off('SIGINT', interrupt)
      done({ ok, output: stripVTControlCharacters(output) })
    }
    process.on('SIGINT', interrupt)
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    child.on('error', (error) => {
      output += error.message
      finish(false)
    })
    child.on('close', (status) => finish(status === 0))
  })
}

const windows = process.platform === 'win32'

/** Runs a JavaScript file in the Node that runs this. */
export function node(
  file: string,
  args: readonly string[] = [],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return command(process.execPath, [file, ...args], options)
}

/** The tools' own JavaScript files, so that they run in the same Node as well. */
export const tools = {
  attw: inRoot('packages/dev/node_modules/@arethetypeswrong/cli/dist/index.js'),
  oxlint: inRoot('node_modules/oxlint/bin/oxlint'),
  prettier: inRoot('node_modules/prettier/bin/prettier.cjs'),
  publint: inRoot('packages/dev/node_modules/publint/src/cli.js'),
  tsc5: inRoot('packages/dev/node_modules/typescript-5/bin/tsc'),
  tsc6: inRoot('packages/dev/node_modules/typescript-6/bin/tsc'),
  tsc: inRoot('node_modules/typescript/bin/tsc'),
  vitest: inRoot('node_modules/vitest/vitest.mjs'),
} as const

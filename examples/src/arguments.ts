import { basename } from 'node:path'
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'

type Parsed<O extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: O & { short: { type: 'boolean' } }; allowPositionals: boolean }>
>

/**
 * The arguments of an example: `--short`, which all have, and its own `options`; `operands` names
 * what may stand without dashes. A wrong argument prints the usage and ends the process with 1.
 */
export function readArguments<O extends ParseArgsOptionsConfig = {}>({
  operands = '',
  options = {} as O,
}: { operands?: string; options?: O } = {}): Parsed<O> {
  try {
    return parseArgs({
      options: { ...options, short: { type: 'boolean' } },
      allowPositionals: operands !== '',
    }) as Parsed<O>
  } catch (error) {
    const name = basename(process.argv[1] ?? 'NAME', '.ts')
    const flags = Object.keys({ ...options, short: {} }).map((flag) => `[--${flag}]`)
    console.error(`${(error as Error).message}\n`)
    console.error(`npm run example -- ${[name, operands, ...flags].filter(Boolean).join(' ')}`)
    process.exit(1)
  }
}

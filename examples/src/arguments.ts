import { basename } from 'node:path'
import { parseArgs } from 'node:util'

export interface Arguments<Name extends string> {
  /** Whether `--short` was given, which every example takes. */
  readonly short: boolean
  /** What stood without dashes. */
  readonly operands: readonly string[]
  /** What was given as `--name number`, or else its default. */
  readonly numbers: Readonly<Record<Name, number>>
}

/**
 * The arguments of an example. `operands` tells the reader what may stand without dashes, `numbers`
 * holds the options that take a number, with their defaults. A wrong argument prints the usage and
 * ends the process with 1.
 */
export function readArguments<Name extends string = never>({
  operands = '',
  numbers = {} as Record<Name, number>,
}: { operands?: string; numbers?: Readonly<Record<Name, number>> } = {}): Arguments<Name> {
  const names = Object.keys(numbers) as Name[]
  try {
    const { values, positionals } = parseArgs({
      options: {
        ...Object.fromEntries(names.map((name) => [name, { type: 'string' } as const])),
        short: { type: 'boolean' },
      },
      allowPositionals: operands !== '',
    })
    const { short = false, ...given } = values
    return {
      short: short === true,
      operands: positionals,
      numbers: { ...numbers, ...mapNumbers(given as Record<string, string>) },
    }
  } catch (error) {
    const example = basename(process.argv[1] ?? 'NAME', '.ts')
    const flags = [...names.map((name) => `[--${name} ${numbers[name]}]`), '[--short]']
    console.error(`${(error as Error).message}\n`)
    console.error(`npm run example -- ${[example, operands, ...flags].filter(Boolean).join(' ')}`)
    process.exit(1)
  }
}

function mapNumbers(given: Readonly<Record<string, string>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => {
      const value = Number(text)
      if (text.trim() === '' || !Number.isFinite(value)) {
        throw new Error(`--${name} takes a number, got '${text}'`)
      }
      return [name, value]
    }),
  )
}

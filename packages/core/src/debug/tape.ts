import { observingCalls } from '../call.ts'
import { ValueError } from '../errors.ts'
import { checkOptions } from '../kinds/entry.ts'
import { checkFunction, refusePromise, withHandler } from '../op.ts'
import { notingCalls } from '../record.ts'
import { showShape, showValue } from '../shape.ts'
import { isTensor, type Tensor } from '../tensor.ts'
import type { Synchronous } from '../transforms/modes.ts'
import { captureCall, showBriefly, showSite, siteOf } from './call-site.ts'
import { compareLines } from './compare.ts'
import { Writer, type KeptMemory, type TapeLine } from './program.ts'

export type { KeptMemory, TapeLine } from './program.ts'
export type { CallSite } from './call-site.ts'

/** What was computed, as a program that one can read: see {@link record}. */
export class Tape<R = unknown> {
  /** What the recorded function returned. */
  readonly value: R
  readonly #writer: Writer
  #lines: readonly TapeLine[] | undefined

  /** @internal Use `record`. */
  constructor(value: R, writer: Writer) {
    this.value = value
    this.#writer = writer
  }

  /** In the order of execution; tensors from outside stand before what uses them first. */
  get lines(): readonly TapeLine[] {
    return (this.#lines ??= this.#writer.lines())
  }

  /** The memory that backward passes need, the largest first. */
  get kept(): readonly KeptMemory[] {
    return this.#writer.kept()
  }

  /** A line for each operation: name, operands, dtype and shape, memory, what it keeps, who called it. */
  toString(): string {
    const rows = this.lines.map((line) => [
      this.#call(line),
      `${line.dtype} ${showShape(line.shape)}`,
      line.bytes > 0 ? showBytes(line.bytes) : '',
      this.#notes(line),
    ])
    const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)))
    const text = rows.map(([call, type, bytes, notes]) =>
      [call!.padEnd(widths[0]!), type!.padEnd(widths[1]!), bytes!.padStart(widths[2]!), notes]
        .join('  ')
        .trimEnd(),
    )
    const phases = { input: 'inputs', forward: 'forward', backward: 'backward' }
    let last = ''
    const body = this.lines.flatMap(({ phase }, i) => {
      // What comes in while a pass is under way belongs to it.
      const part = phase === 'input' && last !== '' && last !== phases.input ? last : phases[phase]
      const head = part === last ? [] : [part]
      last = part
      return [...head, `  ${text[i]}`]
    })
    return [this.#summary(), ...body].join('\n')
  }

  /**
   * The graph in the DOT language, for `dot -Tsvg` or any viewer of Graphviz: operations as boxes,
   * those of backward passes grey, tensors from outside as ovals, what is kept as dashed arrows.
   */
  toDot(): string {
    const nodes = this.lines.map((line) => {
      const label = `${line.label ?? line.op}\\n${line.dtype} ${showShape(line.shape)}`
      const look =
        line.phase === 'input'
          ? 'shape=oval'
          : line.phase === 'backward'
            ? 'shape=box, style=filled, fillcolor=gray90'
            : 'shape=box'
      return `  n${line.id} [label="${label}", ${look}]`
    })
    const edges = this.lines.flatMap(({ id, operands, keeps }) => [
      ...operands.map((from) => `  n${from} -> n${id}`),
      ...keeps.map((kept) => `  n${kept} -> n${id} [style=dashed, color=gray50, constraint=false]`),
    ])
    return [
      'digraph tape {',
      '  node [fontname="monospace", fontsize=10]',
      ...nodes,
      ...edges,
      '}',
      '',
    ].join('\n')
  }

  /**
   * The two tapes line by line: `-` before a line that only this one has, `+` before one that only
   * `other` has. Lines are the same when operation, operands' operations, dtype and shape are.
   */
  compare(other: Tape): string {
    if (!(other instanceof Tape)) {
      throw new ValueError(`compare: expected another tape, got ${showValue(other)}`)
    }
    return compareLines(this.#outline(), other.#outline())
  }

  #outline(): string[] {
    return this.lines.map(({ op, phase, operands, attributes, dtype, shape }) => {
      const from = operands.map((id) => this.lines[id]!.op)
      const call = phase === 'input' ? op : `${op}(${argumentsOf(from, attributes)})`
      return `${phase.padEnd(8)}  ${call}  ${dtype} ${showShape(shape)}`
    })
  }

  #name(id: number): string {
    return this.lines[id]!.label ?? `%${id}`
  }

  #call({ id, op, phase, operands, attributes }: TapeLine): string {
    if (phase === 'input') return `${this.#name(id)} = ${op}`
    return `${this.#name(id)} = ${op}(${argumentsOf(
      operands.map((operand) => this.#name(operand)),
      attributes,
    )})`
  }

  #notes({ keeps, of, site, within }: TapeLine): string {
    return [
      ...(keeps.length > 0 ? [`keeps ${keeps.map((id) => this.#name(id)).join(', ')}`] : []),
      ...(of === null ? [] : [`of ${this.#name(of)}`]),
      ...(site === null
        ? []
        : [`at ${showBriefly(site)}${within === null ? '' : ` in ${within}`}`]),
    ].join('  ')
  }

  #summary(): string {
    const count = (phase: string): number =>
      this.lines.filter((line) => line.phase === phase).length
    const bytes = this.kept.reduce((sum, kept) => sum + kept.bytes, 0)
    return `tape: ${count('forward')} operations forward, ${count('backward')} backward; ${showBytes(bytes)} kept for backward passes`
  }
}

Object.defineProperty(Tape.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: Tape): string {
    return this.toString()
  },
})

function argumentsOf(operands: readonly string[], attributes: string): string {
  return [operands.join(', '), attributes].filter((part) => part !== '').join('; ')
}

function showBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  return bytes < 1024 * 1024
    ? `${(bytes / 1024).toFixed(1)} KB`
    : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

export interface RecordOptions {
  /** Names for tensors, by which the tape calls them: `Object.fromEntries(model.namedParameters())`, say. */
  readonly names?: Readonly<Record<string, Tensor>>
}

/**
 * Runs `f` and writes down every operation that it executes, forward, backward and in place, as a
 * {@link Tape} that prints as a program. Nothing else changes; without `record` nothing is paid for it.
 *
 * @throws {GradientError} when `f` returns a promise.
 * @throws {ValueError} when a name stands for no tensor.
 *
 * @example
 * ```ts
 * import { record, tensor } from '@gradtape/core'
 *
 * const x = tensor([1, 2], { requiresGrad: true })
 * const tape = record(() => x.square().sum().backward(), { names: { x } })
 * console.log(tape.lines.map((line) => line.op).join(' ')) // → leaf square sum full expand squareBackward
 * ```
 */
export function record<R>(f: (() => R) & Synchronous<R>, options: RecordOptions = {}): Tape<R> {
  checkFunction('record', f)
  const { names = {} } = checkOptions('record', options)
  const labels = new Map<Tensor, string>()
  for (const [name, x] of Object.entries(names)) {
    if (!isTensor(x)) {
      throw new ValueError(`record: the name ${name} stands for no tensor, but for ${showValue(x)}`)
    }
    labels.set(x, name)
  }
  const writer = new Writer(labels)
  const run = (): R =>
    refusePromise(
      'record',
      observingCalls(() => withHandler(writer, f)),
    )
  const value = notingCalls(() => {
    const call = captureCall()
    return () => {
      const site = siteOf(call)
      return site === null
        ? 'an earlier backward pass'
        : `the backward pass called at ${showSite(site)}`
    }
  }, run)
  writer.close()
  return new Tape(value, writer)
}

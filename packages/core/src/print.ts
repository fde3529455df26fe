import { category, getDefaultDtype } from './dtype.ts'
import { Lifted } from './lifted.ts'
import { elements, type Tensor } from './tensor.ts'

/** Tensors of more elements are summarized. */
const THRESHOLD = 1000
/** How many entries are shown at each end of a summarized dimension. */
const EDGE = 3
const PRECISION = 4
const LINE = 80

/** What NumPy and PyTorch would print: nested brackets, numbers aligned, long dimensions summarized. */
export function format(x: Tensor): string {
  const { shape, dtype, storage } = x
  if (storage instanceof Lifted && storage.carries) {
    return `tensor(one for each of ${storage.inner.shape[0]} examples, shape=[${shape.join(', ')}], dtype=${dtype})`
  }
  const tags = [
    ...(x.numel === 0 && shape.length !== 1 ? [`shape=[${shape.join(', ')}]`] : []),
    ...(dtype === getDefaultDtype() || (dtype === 'bool' && x.numel > 0) ? [] : [`dtype=${dtype}`]),
    ...(x.node === null ? [] : ['requiresGrad=true']),
  ]
  const suffix = tags.length === 0 ? '' : `, ${tags.join(', ')}`
  return `tensor(${body(x, 'tensor('.length)}${suffix})`
}

function body(x: Tensor, indent: number): string {
  const { shape } = x
  const data = elements(x)
  const summarize = x.numel > THRESHOLD
  const shown = shape.map((size) => visible(size, summarize))
  const strides = shape.map((_, d) => shape.slice(d + 1).reduce((a, b) => a * b, 1))

  const numbers: number[] = []
  const collect = (d: number, start: number): void => {
    if (d === shape.length) numbers.push(data[start]!)
    else for (const i of shown[d]!) if (i !== null) collect(d + 1, start + i * strides[d]!)
  }
  if (x.numel > 0) collect(0, 0)
  const show =
    x.dtype === 'bool' ? showBool : category(x.dtype) === 1 ? String : floatFormat(numbers)
  const width = Math.max(0, ...numbers.map((value) => show(value).length))

  const rows = (d: number, start: number, left: number): string => {
    if (d === shape.length) return show(data[start]!).padStart(shape.length === 0 ? 0 : width)
    const parts = shown[d]!.map((i) =>
      i === null ? '...' : rows(d + 1, start + i * strides[d]!, left + 1),
    )
    const inner = d === shape.length - 1
    const between = inner ? ', ' : `,${'\n'.repeat(shape.length - 1 - d)}${' '.repeat(left + 1)}`
    return `[${inner ? wrap(parts, left + 1) : parts.join(between)}]`
  }
  return x.numel === 0 ? emptyBody(shape) : rows(0, 0, indent)
}

function emptyBody(shape: readonly number[]): string {
  return shape.length === 0 ? '' : '[]'
}

function visible(size: number, summarize: boolean): (number | null)[] {
  const all = Array.from({ length: size }, (_, i) => i)
  if (!summarize || size <= 2 * EDGE) return all
  return [...all.slice(0, EDGE), null, ...all.slice(-EDGE)]
}

function wrap(parts: readonly string[], left: number): string {
  const width = Math.max(1, ...parts.map((part) => part.length + 2))
  const perLine = Math.max(1, Math.floor((LINE - left) / width))
  const lines: string[] = []
  for (let i = 0; i < parts.length; i += perLine) lines.push(parts.slice(i, i + perLine).join(', '))
  return lines.join(`,\n${' '.repeat(left)}`)
}

function showBool(value: number): string {
  return value === 0 ? 'false' : 'true'
}

/** One format for all: integers with a dot, decimals, or exponents where magnitudes lie far apart. */
function floatFormat(numbers: readonly number[]): (value: number) => string {
  const finite = numbers.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs)
  const most = Math.max(0, ...finite)
  const least = Math.min(Infinity, ...finite)
  if (most >= 1e8 || (finite.length > 0 && least < 1e-4) || most / least > 1000) {
    if (!(finite.every(Number.isInteger) && most < 1e8)) {
      return special((value) => exponent(value))
    }
  }
  return finite.every(Number.isInteger)
    ? special((value) => `${minus(value)}${Math.abs(value)}.`)
    : special((value) => `${minus(value)}${Math.abs(value).toFixed(PRECISION)}`)
}

/** The sign, which toFixed and templates drop from -0. */
function minus(value: number): string {
  return value < 0 || Object.is(value, -0) ? '-' : ''
}

function exponent(value: number): string {
  const [digits, power] = value.toExponential(PRECISION).split('e') as [string, string]
  return `${digits}e${power[0]}${power.slice(1).padStart(2, '0')}`
}

function special(show: (value: number) => string): (value: number) => string {
  return (value) =>
    Number.isNaN(value) ? 'nan' : Number.isFinite(value) ? show(value) : value > 0 ? 'inf' : '-inf'
}

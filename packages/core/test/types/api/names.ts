import * as core from '../../../src/index.ts'
import type { Tensor } from '../../../src/index.ts'
import { x } from './forms.ts'

/** Functions of one tensor, and methods without arguments. */
export const unary = [
  'neg', 'abs', 'sign', 'exp', 'expm1', 'log', 'log1p', 'log2', 'log10', 'sqrt', 'rsqrt',
  'reciprocal', 'square', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh',
  'asinh', 'acosh', 'atanh', 'sigmoid', 'relu', 'relu6', 'leakyRelu', 'elu', 'selu', 'gelu', 'silu',
  'mish', 'softplus', 'softsign', 'hardtanh', 'hardsigmoid', 'hardswish', 'logSigmoid', 'erf',
  'erfc', 'floor', 'ceil', 'round', 'trunc', 'frac', 'nanToNum', 'logicalNot', 'isnan', 'isinf',
  'isfinite', 'clone', 'contiguous', 'flatten', 'squeeze', 'sum', 'mean', 'prod', 'std', 'amax',
  'amin', 'argmax', 'argmin', 'max', 'min', 'norm', 'all', 'any',
  'median',
] as const // prettier-ignore

/** Functions of two operands, one of them maybe a number, and methods of one argument. */
export const binary = [
  'add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum', 'atan2', 'remainder', 'fmod',
  'eq', 'ne', 'lt', 'le', 'gt', 'ge', 'logicalAnd', 'logicalOr', 'logicalXor',
] as const // prettier-ignore

/** Functions of a tensor and a dim, and methods of a dim. */
export const alongDim = [
  'sum', 'mean', 'prod', 'std', 'amax', 'amin', 'argmax', 'argmin', 'logsumexp', 'all', 'any',
  'softmax', 'logSoftmax', 'cumsum', 'cumprod', 'unsqueeze', 'squeeze',
] as const // prettier-ignore

/** Reductions over one dim, several, or (but for logsumexp) all, that may keep them. */
export const reductions = ['sum', 'mean', 'amax', 'amin', 'logsumexp'] as const

type Names<L extends readonly string[]> = L[number]
type Functions<N extends string, F> = { readonly [K in N]: F }

core satisfies Functions<Names<typeof unary>, (a: Tensor) => Tensor>
x satisfies Functions<Names<typeof unary>, (this: Tensor) => Tensor>
core satisfies Functions<Names<typeof binary>, (a: Tensor, b: Tensor) => Tensor>
core satisfies Functions<Names<typeof binary>, (a: number, b: Tensor) => Tensor>
core satisfies Functions<Names<typeof binary>, (a: Tensor, b: number) => Tensor>
core satisfies Functions<Names<typeof binary>, (a: number, b: number) => Tensor>
x satisfies Functions<Names<typeof binary>, (this: Tensor, b: Tensor) => Tensor>
x satisfies Functions<Names<typeof binary>, (this: Tensor, b: number) => Tensor>
core satisfies Functions<Names<typeof alongDim>, (a: Tensor, dim: number) => Tensor>
x satisfies Functions<Names<typeof alongDim>, (this: Tensor, dim: number) => Tensor>
core satisfies Functions<
  Names<typeof reductions>,
  (a: Tensor, dim: readonly number[], options: { keepdim: boolean }) => Tensor
>
x satisfies Functions<
  Names<typeof reductions>,
  (this: Tensor, dim: readonly number[], options: { keepdim: boolean }) => Tensor
>

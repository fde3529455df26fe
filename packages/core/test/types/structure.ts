import { cat, einsum, stack, where, zeros, type Shape, type Tensor } from '../../src/index.ts'
import { shape, type Exactly } from './is.ts'

// The shapes of tensors that are rearranged, joined, taken apart, picked from and contracted.

declare const n: number
declare const sizes: number[]
declare const unknown: Tensor

const v = zeros([3])
const a = zeros([2, 3])
const b = zeros([4, 2, 3])
const rows = zeros([n, 3])
const scalar = zeros([])

// Reshaping: -1 is what is missing; a known count of elements is not lost.
shape(a.reshape([3, 2])) satisfies Exactly<[3, 2]>
shape(b.view([4, -1])) satisfies Exactly<[4, 6]>
shape(a.reshape([-1])) satisfies Exactly<[6]>
shape(zeros([2, 6, 8]).reshape([-1, 16])) satisfies Exactly<[6, 16]>
shape(rows.reshape([-1, 6])) satisfies Exactly<[number, 6]>
shape(a.reshape([n, 2])) satisfies Exactly<[number, 2]>
shape(a.reshape(sizes)) satisfies Exactly<Shape>
shape(unknown.reshape([2, -1])) satisfies Exactly<[2, number]>
shape(b.flatten()) satisfies Exactly<[24]>
shape(b.flatten(1)) satisfies Exactly<[4, 6]>
shape(b.flatten(-3, -2)) satisfies Exactly<[8, 3]>
shape(scalar.flatten()) satisfies Exactly<[1]>
shape(rows.flatten()) satisfies Exactly<[number]>
shape(unknown.flatten(1)) satisfies Exactly<Shape>

// Dims by their numbers, from either end.
shape(zeros([1, 3, 1]).squeeze()) satisfies Exactly<[3]>
shape(zeros([1, 3, 1]).squeeze(-1)) satisfies Exactly<[1, 3]>
shape(zeros([1, 3, 1]).squeeze([0, 2])) satisfies Exactly<[3]>
shape(a.squeeze(0)) satisfies Exactly<[2, 3]>
shape(rows.squeeze(0)) satisfies Exactly<Shape>
shape(rows.squeeze()) satisfies Exactly<Shape>
shape(a.unsqueeze(0)) satisfies Exactly<[1, 2, 3]>
shape(a.unsqueeze(-1)) satisfies Exactly<[2, 3, 1]>
shape(a.unsqueeze(n)) satisfies Exactly<Shape>
shape(b.transpose(0, -1)) satisfies Exactly<[3, 2, 4]>
shape(b.transpose(0, n)) satisfies Exactly<[number, number, number]>
shape(b.permute([2, 0, -2])) satisfies Exactly<[3, 4, 2]>
shape(unknown.permute([1, 0])) satisfies Exactly<Shape>
shape(b.T) satisfies Exactly<[3, 2, 4]>
shape(b.mT) satisfies Exactly<[4, 3, 2]>
shape(rows.T) satisfies Exactly<[3, number]>
shape(unknown.T) satisfies Exactly<Shape>
shape(b.narrow(1, 0, 1)) satisfies Exactly<[4, 1, 3]>
shape(a.narrow(0, 0, n)) satisfies Exactly<[number, 3]>
shape(a.narrow(n, 0, 1)) satisfies Exactly<[number, number]>
shape(v.expand([2, -1])) satisfies Exactly<[2, 3]>
shape(zeros([2, 1]).expand([4, 2, 3])) satisfies Exactly<[4, 2, 3]>
shape(unknown.expand([2, -1])) satisfies Exactly<[2, number]>
shape(a.repeat([2, 2])) satisfies Exactly<[4, 6]>
shape(v.repeat([2, 1])) satisfies Exactly<[2, 3]>
shape(v.repeat(n)) satisfies Exactly<[number]>
shape(a.flip(0).roll(1).tril().triu(1)) satisfies Exactly<[2, 3]>
shape(a.pad([1, 1, 0, -1])) satisfies Exactly<[1, 5]>
shape(a.pad(sizes)) satisfies Exactly<[number, number]>

// Diagonals.
shape(a.diagonal()) satisfies Exactly<[2]>
shape(a.diagonal(-1)) satisfies Exactly<[1]>
shape(b.diagonal(1, 1, 2)) satisfies Exactly<[4, 2]>
shape(a.diagonal(n)) satisfies Exactly<[number]>
shape(v.diag(-2)) satisfies Exactly<[5, 5]>
shape(a.diag()) satisfies Exactly<[2]>

// Joining, and taking apart: a tuple where it is short.
shape(cat([a, zeros([5, 3])])) satisfies Exactly<[7, 3]>
shape(cat([a, zeros([2, 1]), a], -1)) satisfies Exactly<[2, 7]>
shape(cat([a, rows])) satisfies Exactly<[number, 3]>
shape(cat([a, unknown])) satisfies Exactly<Shape>
shape(cat([a, a] as (typeof a)[])) satisfies Exactly<[number, 3]>
shape(cat([unknown])) satisfies Exactly<Shape>
shape(stack([a, a])) satisfies Exactly<[2, 2, 3]>
shape(stack([v, v, v], -1)) satisfies Exactly<[3, 3]>
shape(stack([v, v] as (typeof v)[])) satisfies Exactly<[number, 3]>
export const parts: [Tensor<[2, 2]>, Tensor<[2, 1]>] = a.split(2, 1)
export const listed: [Tensor<[1, 3]>, Tensor<[1, 3]>] = a.split([1, 1])
export const chunks: [Tensor<[2, 2, 3]>, Tensor<[2, 2, 3]>] = b.chunk(2)
export const columns: [Tensor<[2]>, Tensor<[2]>, Tensor<[2]>] = a.unbind(1)
export const many: Tensor<[3]>[] = zeros([99, 3]).unbind()
shape(a.split(n)[0]) satisfies Exactly<[number, 3]>
shape(rows.chunk(2)[0]) satisfies Exactly<[number, 3]>
shape(unknown.unbind()[0]) satisfies Exactly<Shape>

// Picking.
shape(a.gather(1, zeros([2, 7], { dtype: 'int32' }))) satisfies Exactly<[2, 7]>
shape(a.indexSelect(1, zeros([7]))) satisfies Exactly<[2, 7]>
shape(a.indexSelect(0, unknown)) satisfies Exactly<[number, 3]>
shape(v.take(b)) satisfies Exactly<[4, 2, 3]>
shape(a.maskedSelect(a)) satisfies Exactly<[number]>
shape(a.scatter(0, a, 0).indexPut([0], 1)) satisfies Exactly<[2, 3]>
shape(a.topk(2).values) satisfies Exactly<[2, 2]>
shape(a.topk(1, 0).indices) satisfies Exactly<[1, 3]>
shape(a.topk(1, { largest: false }).values) satisfies Exactly<[2, 1]>
shape(b.at(0, -1)) satisfies Exactly<[3]>
shape(b.at(0, null, '...', 1)) satisfies Exactly<[1, 2]>
shape(b.at('...', null)) satisfies Exactly<[4, 2, 3, 1]>
shape(b.at(v)) satisfies Exactly<Shape>
shape(where(a.gt(0), v, 0)) satisfies Exactly<[2, 3]>
shape(where(v, zeros([2, 1]), 1)) satisfies Exactly<[2, 3]>
shape(v.where(a, 0)) satisfies Exactly<[2, 3]>

// Einsum by an equation that can be read.
shape(einsum('ij,jk->ki', a, zeros([3, 5]))) satisfies Exactly<[5, 2]>
shape(einsum('bij, j -> bi', b, v)) satisfies Exactly<[4, 2]>
shape(einsum('ii->', zeros([3, 3]))) satisfies Exactly<[]>
shape(einsum('ij,ij->ij', a, zeros([1, 3]))) satisfies Exactly<[2, 3]>
shape(einsum('ij->ji', rows)) satisfies Exactly<[3, number]>
shape(einsum('ij->ji', unknown)) satisfies Exactly<[number, number]>
shape(einsum('...i->...', a)) satisfies Exactly<Shape>
shape(einsum('ij,jk', a, zeros([3, 5]))) satisfies Exactly<Shape>
shape(einsum('ij->' as string, a)) satisfies Exactly<Shape>

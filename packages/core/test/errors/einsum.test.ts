import { describe } from 'vitest'
import * as core from '../../src/index.ts'
import { js, refuses } from './refuses.ts'

const { DTypeError, ShapeError, ValueError } = core
const e = js.einsum!

describe('malformed equations', () => {
  refuses([
    ['none', ValueError, /^einsum: expected an equation.*an object/, (w) => e(w.matrix)],
    ['a number', ValueError, /^einsum: expected an equation.*got 3/, (w) => e(3, w.matrix)],
    ['a digit', ValueError, /in 'i1->i' '1' is no letter/, (w) => e('i1->i', w.matrix)],
    ['a sign', ValueError, /'\*' is no letter/, (w) => e('i*j', w.matrix)],
    ['a letter of another alphabet', ValueError, /'ä' is no letter/, (w) => e('iä', w.matrix)],
    ['half an arrow', ValueError, /'-' is no part of '->'/, (w) => e('ij-ji', w.matrix)],
    ['the other half', ValueError, /'>' is no part of '->'/, (w) => e('ij>ji', w.matrix)],
    ['an arrow backwards', ValueError, /'[->]' is no part of '->'/, (w) => e('ij>-ji', w.matrix)],
    ['a double arrow', ValueError, /'>' is no part of '->'/, (w) => e('ij->>ji', w.matrix)],
    ['two arrows', ValueError, /'->' stands more than once/, (w) => e('ij->i->j', w.matrix)],
    ['one dot', ValueError, /'i\.j' has a '\.' that is no part/, (w) => e('i.j', w.matrix)],
    ['two dots', ValueError, /'\.\.j' has a '\.'/, (w) => e('..j', w.matrix)],
    ['four dots', ValueError, /'\.\.\.\.' has a '\.'/, (w) => e('....', w.matrix)],
    ['dots in the result', ValueError, /'\.\.' has a '\.'/, (w) => e('ij->..', w.matrix)],
    ['two ellipses', ValueError, /'\.\.\.i\.\.\.' has '\.\.\.' more than once/, (w) => e('...i...', w.matrix)], // prettier-ignore
    ['two in the result', ValueError, /more than once/, (w) => e('...->......', w.matrix)],
    ['two results', ValueError, /',' stands after '->'/, (w) => e('ij->i,j', w.matrix)],
    ['a term too few', ValueError, /1 term names the dims of 2 tensors/, (w) => e('ij', w.matrix, w.matrix)], // prettier-ignore
    [
      'a term too many',
      ValueError,
      /2 terms name the dims of 1 tensor/,
      (w) => e('ij,jk', w.matrix),
    ],
    ['no tensors', ValueError, /1 term names the dims of 0 tensors/, () => e('')],
    ['an unknown letter in the result', ValueError, /the result has 'k', which no tensor/, (w) => e('ij->ik', w.matrix)], // prettier-ignore
    ['a letter twice in the result', ValueError, /the result has 'i' more than once/, (w) => e('ij->ii', w.matrix)], // prettier-ignore
  ])
})

describe('equations that do not fit the tensors', () => {
  refuses([
    ['too few letters', ShapeError, /'i' names 1 dims, but tensor 0 has shape \[2, 3\]; '\.\.\.'/, (w) => e('i->i', w.matrix)], // prettier-ignore
    ['too many letters', ShapeError, /'ijk' names 3 dims, but tensor 1 has shape \[2, 3\]$/, (w) => e('i,ijk->i', w.vector, w.matrix)], // prettier-ignore
    ['too many beside an ellipsis', ShapeError, /'i\.\.\.jk' names 3 dims/, (w) => e('i...jk', w.matrix)], // prettier-ignore
    ['sizes that differ', ShapeError, /'j' has size 2 in tensor 1, of shape \[2\], but 3 before/, (w) => e('ij,j->i', w.matrix, w.vector)], // prettier-ignore
    ['no square for a diagonal', ShapeError, /'i' names dims of sizes 2 and 3 of tensor 0/, (w) => e('ii->i', w.matrix)], // prettier-ignore
    ['a diagonal is not broadcast', ShapeError, /'i' names dims of sizes 1 and 3/, () => e('ii', core.ones([1, 3]))], // prettier-ignore
    ['dims of an ellipsis', ShapeError, /dim -1 of '\.\.\.' has size 2 in tensor 1.*but 3/, (w) => e('...,...', w.matrix, w.vector)], // prettier-ignore
    ['no tensor', DTypeError, /^einsum: expected a tensor, got an array/, () => e('i', [1, 2])],
    ['a list of tensors', DTypeError, /^einsum: .*got an array/, (w) => e('ij,jk', [w.matrix, w.matrix])], // prettier-ignore
    ['bools', DTypeError, /^einsum: .*bool/, (w) => e('i,i', w.mask, w.mask)],
  ])
})

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import * as core from '../src/index.ts'

const { DTypeError, GradientError, GradtapeError, ShapeError, ValueError } = core

/** Core as JavaScript calls it: most of these mistakes don't compile. */
const js = core as unknown as Record<string, (...args: any[]) => any>

/** What a mistake might spoil. */
function world() {
  const { tensor } = core
  const leaf = tensor([1, 2, 3], { requiresGrad: true })
  leaf.mul(5).sum().backward()
  return {
    leaf,
    matrix: tensor([[1, 2, 3], [4, 5, 6]]), // prettier-ignore
    vector: tensor([1, 2]),
    cubes: core.zeros([2, 3, 4]),
    ints: tensor([1, 2, 3], { dtype: 'int32' }),
    mask: tensor([true, false, true]),
    nothing: core.zeros([0, 3]),
    one: tensor(1),
  } as Record<string, any>
}

const generator = core.manualSeed(3)

function stateOf(tensors: Record<string, core.Tensor>): unknown {
  const each = Object.entries(tensors).map(([name, x]) => [
    name,
    x.toArray(),
    x.shape,
    x.storage.version,
    x.requiresGrad,
    x.grad?.toArray() ?? null,
  ])
  return [each, core.isGradEnabled(), core.getDefaultDtype(), generator.getState()]
}

type Mistake = [
  title: string,
  type: new (message: string) => Error,
  message: RegExp,
  make: (w: Record<string, any>) => unknown,
]

const mistakes: Record<string, Mistake[]> = {
  'shapes that do not fit': [
    ['add', ShapeError, /^add: .*\[2, 3\] with \[2\]/, (w) => w.matrix.add(w.vector)],
    ['add as a function', ShapeError, /^add: .*\[2, 3\]/, (w) => core.add(w.vector, w.matrix)],
    ['where', ShapeError, /^where: .*\[3\]/, (w) => core.where(w.mask, w.vector, 0)],
    ['maskedFill', ShapeError, /^maskedFill: .*\[3\]/, (w) => w.vector.maskedFill(w.mask, 0)],
    ['lerp', ShapeError, /^lerp: .*\[2, 3\]/, (w) => w.matrix.lerp(w.vector, 0.5)],
    ['matmul', ShapeError, /^matmul: .*\[2, 3\] and \[2, 3\]/, (w) => w.matrix.matmul(w.matrix)],
    ['matmul of a vector', ShapeError, /^matmul: .*\[2, 3\] and \[2\]/, (w) => w.matrix.matmul(w.vector)],
    ['matmul of a scalar', ShapeError, /^matmul: .*\[2, 3\] and \[\].*mul/, (w) => w.matrix.matmul(w.one)],
    ['matmul of batches', ShapeError, /^matmul: .*\[2, 3, 4\].*\[3, 4, 2\]/, (w) => w.cubes.matmul(core.zeros([3, 4, 2]))],
    ['dot of a matrix', ShapeError, /^dot: .*\[2, 3\] and \[2\]/, (w) => w.matrix.dot(w.vector)],
    ['dot of two sizes', ShapeError, /^dot: .*\[2\] and \[3\]/, (w) => w.vector.dot(w.leaf)],
    ['reshape', ShapeError, /^reshape: .*\[2, 3\] \(6 elements\) .*\[4, 2\]/, (w) => w.matrix.reshape([4, 2])],
    ['reshape with -1', ShapeError, /^reshape: .*\[2, 3\].*\[4, -1\].*multiple of 4/, (w) => w.matrix.reshape([4, -1])],
    ['reshape with two -1', ShapeError, /^reshape: .*only one/, (w) => w.matrix.reshape([-1, -1])],
    ['reshape of nothing with -1', ShapeError, /^reshape: .*ambiguous/, (w) => w.nothing.reshape([0, -1])],
    ['view across strides', ShapeError, /^view: .*\[3, 2\].*strides.*reshape/, (w) => w.matrix.T.view([6])],
    ['expand', ShapeError, /^expand: .*\[2\] to \[3\]/, (w) => w.vector.expand([3])],
    ['expand to fewer dims', ShapeError, /^expand: .*\[2, 3\] to \[3\]/, (w) => w.matrix.expand([3])],
    ['cat', ShapeError, /^cat: shapes \[2, 3\], \[2\]/, (w) => core.cat([w.matrix, w.vector])],
    ['cat of scalars', ShapeError, /^cat: .*\[\].*stack/, (w) => core.cat([w.one, w.one])],
    ['cat of nothing', ShapeError, /^cat: .*at least one/, () => core.cat([])],
    ['stack', ShapeError, /^stack: shapes \[3\], \[2\] differ/, (w) => core.stack([w.leaf, w.vector])],
    ['split sizes', ShapeError, /^split: .*\[1, 1\].*3/, (w) => w.leaf.split([1, 1])],
    ['narrow', ShapeError, /^narrow: start 2 and length 2 .*\[3\]/, (w) => w.leaf.narrow(0, 2, 2)],
    ['permute', ShapeError, /^permute: dims \[0\].*\[2, 3\]/, (w) => w.matrix.permute([0])],
    ['permute twice the same', ShapeError, /^permute: dimension 0 appears twice/, (w) => w.matrix.permute([0, -2])],
    ['t of three dims', ShapeError, /^t: .*\[2, 3, 4\].*mT/, (w) => w.cubes.t()],
    ['mT of a vector', ShapeError, /^mT: .*\[2\]/, (w) => w.vector.mT],
    ['gradient of another shape', ShapeError, /^backward: .*\[2\].*\[3\]/, (w) => w.leaf.mul(2).backward(w.vector)],
    ['iteration over a scalar', ShapeError, /0-d.*item\(\)/, (w) => [...w.one]],
    ['add_ that would grow', ShapeError, /^add_: .*\[2, 3\].*\[3\]|^add_: .*\[3\].*\[2, 3\]/, (w) => w.ints.add_(core.zeros([2, 3], { dtype: 'int32' }))],
    ['copy_', ShapeError, /^copy_: .*\[2\]/, (w) => w.vector.copy_(w.ints)],
  ],
  'dims that are not there': [
    ['sum', ShapeError, /^sum: dim 2 .*2 dim.*-2 to 1/, (w) => w.matrix.sum(2)],
    ['sum over NaN', ShapeError, /^sum: .*integer.*NaN/, (w) => w.matrix.sum(NaN)],
    ['sum over a string', ShapeError, /^sum: .*'0'/, (w) => w.matrix.sum('0')],
    ['sum over a dim twice', ShapeError, /^sum: dimension 1 appears twice/, (w) => w.matrix.sum([1, -1])],
    ['sum over one and a half', ShapeError, /^sum: .*1\.5/, (w) => w.matrix.sum([1.5])],
    ['softmax without dim', ShapeError, /^softmax: expected a dim.*undefined/, (w) => w.matrix.softmax()],
    ['logSoftmax', ShapeError, /^logSoftmax: dim 5/, (w) => w.matrix.logSoftmax(5)],
    ['flatten by a string', ShapeError, /^flatten: .*'0'/, (w) => w.matrix.flatten('0')],
    ['flatten backwards', ShapeError, /^flatten: start 1 .*end 0.*\[2, 3\]/, (w) => w.matrix.flatten(1, 0)],
    ['transpose without dims', ShapeError, /^transpose: expected a dim.*undefined/, (w) => w.matrix.transpose()],
    ['unsqueeze', ShapeError, /^unsqueeze: dim 4/, (w) => w.matrix.unsqueeze(4)],
    ['squeeze by options', ShapeError, /^squeeze: .*an object/, (w) => w.matrix.squeeze({ dim: 0 })],
    ['size', ShapeError, /^size: dim -3/, (w) => w.matrix.size(-3)],
    ['argmax over several', ShapeError, /^argmax: expected a dim, got an array/, (w) => w.matrix.argmax([0, 1])],
    ['max over several', ShapeError, /^max: expected a dim, got an array.*amax/, (w) => w.matrix.max([0, 1])],
    ['max of two tensors', ShapeError, /^max: expected a dim, got a tensor.*maximum/, (w) => core.max(w.vector, w.vector as never)],
  ],
  'nothing to reduce': [
    ['amax', ShapeError, /^amax: dimension 0 .*\[0, 3\]/, (w) => w.nothing.amax()],
    ['min', ShapeError, /^min: dimension 0 .*\[0, 3\]/, (w) => w.nothing.min(0)],
    ['argmin', ShapeError, /^argmin: .*\[0, 3\]/, (w) => w.nothing.argmin()],
    ['logsumexp', ShapeError, /^logsumexp: .*\[0, 3\]/, (w) => w.nothing.logsumexp(0)],
    ['item', ValueError, /^item: .*\[0, 3\]/, (w) => w.nothing.item()],
  ],
  'indices': [
    ['gather out of range', ShapeError, /^gather: index 3 .*dim 0 .*\[3\].*0 to 2/, (w) => w.leaf.gather(0, w.ints)],
    ['gather below 0', ShapeError, /^gather: index -1 /, (w) => w.leaf.gather(0, w.ints.sub(2))],
    ['gather by floats', DTypeError, /^gather: .*int32.*float32/, (w) => w.leaf.gather(0, w.leaf.detach())],
    ['gather of other dims', ShapeError, /^gather: .*\[3\].*\[2, 3\]/, (w) => w.matrix.gather(0, w.ints)],
    ['gather by an array', DTypeError, /^gather: .*an array/, (w) => w.leaf.gather(0, [0])],
    ['indexSelect out of range', ShapeError, /^indexSelect: index 2 .*\[2\]/, (w) => w.vector.indexSelect(0, w.ints)],
    ['indexSelect by a matrix', ShapeError, /^indexSelect: .*\[1, 3\] and \[2, 3\]/, (w) => w.matrix.indexSelect(1, w.ints.unsqueeze(0))],
    ['indexSelect by an array', DTypeError, /^indexSelect: .*an array/, (w) => w.vector.indexSelect(0, [0])],
    ['at out of range', ShapeError, /^at: index 2 .*dim 0.*\[2, 3\]/, (w) => w.matrix.at(2)],
    ['at, far below', ShapeError, /^at: index -4 .*dim 1/, (w) => w.matrix.at(0, -4)],
    ['at with too many keys', ShapeError, /^at: 3 keys.*\[2, 3\]/, (w) => w.matrix.at(0, 0, 0)],
    ["at with two '...'", ShapeError, /^at: '\.\.\.' .*once/, (w) => w.cubes.at('...', '...')],
    ['at with a fraction', ShapeError, /^at: index 0\.5 is no integer/, (w) => w.matrix.at(0.5)],
    ['at with undefined', ShapeError, /^at: undefined is no key/, (w) => w.matrix.at(undefined)],
    ['at with a range as a string', ShapeError, /^at: '0:1' is no key.*slice/, (w) => w.matrix.at('0:1')],
    ['at with a list', ShapeError, /^at: an array is no key.*indexSelect/, (w) => w.matrix.at([0, 1])],
    ['at with a tensor', ShapeError, /^at: a tensor is no key/, (w) => w.matrix.at(w.ints)],
    ['slice by a fraction', ValueError, /^slice: start .*0\.5/, () => core.slice(0.5)],
    ['slice backwards', ValueError, /^slice: step .*-1/, () => core.slice(0, 3, -1)],
  ],
  'data': [
    ['ragged rows', ShapeError, /^tensor: ragged .*expected 2 .*got 1 after 2 numbers/, () => core.tensor([[1, 2], [3]])],
    ['a number among rows', ShapeError, /^tensor: ragged/, () => js.tensor!([[1, 2], 3])],
    ['a row among numbers', ShapeError, /^tensor: ragged.*after 1 numbers/, () => js.tensor!([1, [2]])],
    ['ragged deeper', ShapeError, /^tensor: ragged .*depth 2/, () => core.tensor([[[1], [2]], [[3], [4, 5]]])],
    ['undefined', DTypeError, /^tensor: undefined is no number/, () => js.tensor!()],
    ['a hole', DTypeError, /^tensor: undefined is no number/, () => js.tensor!([1, undefined])],
    ['null', DTypeError, /^tensor: null is no number/, () => js.tensor!([null])],
    ['a string', DTypeError, /^tensor: '3' is no number/, () => js.tensor!(['3'])],
    ['an object', DTypeError, /^tensor: an object/, () => js.tensor!({})],
    ['a bigint', DTypeError, /^tensor: 1 is no number/, () => js.tensor!([1n])],
    ['bigints', DTypeError, /^tensor: .*BigUint64Array/, () => js.tensor!(new BigUint64Array(1), { dtype: 'int32' })],
    ['tensors', DTypeError, /^tensor: a tensor .*stack/, (w) => js.tensor!([w.one, w.one])],
    ['a typed array of no dtype', DTypeError, /^tensor: .*Uint8Array.*dtype/, () => core.tensor(new Uint8Array(1))],
    ['too few for a shape', ShapeError, /^tensor: 3 elements .*\[2, 2\]/, () => core.tensor([1, 2, 3], { shape: [2, 2] })],
    ['a fraction in int32', DTypeError, /^tensor: 1\.5 has no value in int32/, () => core.tensor([1.5], { dtype: 'int32' })],
    ['NaN in int32', DTypeError, /^tensor: NaN/, () => core.tensor([NaN], { dtype: 'int32' })],
    ['too much for int32', DTypeError, /^tensor: 4294967296/, () => core.tensor([2 ** 32], { dtype: 'int32' })],
  ],
  'shapes and options of creation': [
    ['sizes without brackets', ShapeError, /^zeros: expected a shape.*\[2, 3\], got 2/, () => js.zeros!(2, 3)],
    ['no shape', ShapeError, /^ones: .*undefined/, () => js.ones!()],
    ['a negative size', ShapeError, /^zeros: .*\[2, -1\]/, () => core.zeros([2, -1])],
    ['a fraction', ShapeError, /^rand: .*\[1\.5\]/, () => core.rand([1.5])],
    ['NaN', ShapeError, /^empty: .*\[NaN\]/, () => core.empty([NaN])],
    ['a string size', ShapeError, /^randn: .*\['2'\]/, () => js.randn!(['2'])],
    ['a dtype as the option', ValueError, /^zeros: expected options.*'float64'/, () => js.zeros!([2], 'float64')],
    ['null as options', ValueError, /^tensor: expected options.*null/, () => js.tensor!([2], null)],
    ['full without a value', ValueError, /^full: value .*undefined/, () => js.full!([2])],
    ['full of a fraction in int32', DTypeError, /^full: 0\.5 /, () => core.full([2], 0.5, { dtype: 'int32' })],
    ['fullLike of a string', ValueError, /^fullLike: value .*'1'/, (w) => js.fullLike!(w.one, '1')],
    ['zerosLike of a shape', DTypeError, /^zerosLike: .*an array/, () => js.zerosLike!([2])],
    ['eye of a fraction', ShapeError, /^eye: /, () => core.eye(1.5)],
    ['arange without an end', ValueError, /^arange: .*0 numbers/, () => core.arange()],
    ['arange of a string', ValueError, /^arange: .*'3'/, () => js.arange!('3')],
    ['arange to NaN', ValueError, /^arange: .*0 to NaN/, () => core.arange(NaN)],
    ['arange that leads away', ValueError, /^arange: .*0 to 3 in steps of -1/, () => core.arange(0, 3, -1)],
    ['arange with step 0', ValueError, /^arange: .*steps of 0/, () => core.arange(0, 3, 0)],
    ['arange of fractions in int32', DTypeError, /^arange: .*0\.5.*int32/, () => core.arange(0, 2, 0.5, { dtype: 'int32' })],
    ['arange of bools', DTypeError, /^arange: bool/, () => core.arange(2, { dtype: 'bool' })],
    ['linspace without steps', ValueError, /^linspace: steps .*undefined/, () => js.linspace!(0, 1)],
    ['linspace without an end', ValueError, /^linspace: end .*undefined/, () => js.linspace!(0)],
  ],
  'dtypes that cannot be': [
    ['an unknown one', DTypeError, /^tensor: .*"float16".*'float32'/, () => js.tensor!([1], { dtype: 'float16' })],
    ['in zeros', DTypeError, /^zeros: .*"int64"/, () => js.zeros!([1], { dtype: 'int64' })],
    ['in to', DTypeError, /^to: .*"double"/, (w) => w.leaf.to('double')],
    ['none in to', DTypeError, /^to: .*undefined/, (w) => w.leaf.to()],
    ['as default', DTypeError, /^setDefaultDtype: .*'int32'/, () => js.setDefaultDtype!('int32')],
    ['an unknown default', DTypeError, /^setDefaultDtype: .*"half"/, () => js.setDefaultDtype!('half')],
    ['randn of integers', DTypeError, /^randn: .*'int32'.*randint/, () => core.randn([2], { dtype: 'int32' })],
    ['mean of integers', DTypeError, /^mean: .*int32.*float32/, (w) => w.ints.mean()],
    ['std of bools', DTypeError, /^std: .*bool/, (w) => w.mask.std()],
    ['matmul of bools', DTypeError, /^matmul: .*bool/, (w) => w.mask.matmul(w.mask)],
    ['sub of bools', DTypeError, /^sub: .*bool/, (w) => w.mask.sub(w.mask)],
    ['a fraction on int32', DTypeError, /^mul: .*0\.5.*int32.*float32/, (w) => w.ints.mul(0.5)],
    ['a fraction into int32', DTypeError, /^add_: .*0\.5.*int32/, (w) => w.ints.add_(0.5)],
    ['floats into int32', DTypeError, /^add_: .*float32.*int32/, (w) => w.ints.add_(core.tensor([1.5]))],
    ['a quotient into int32', DTypeError, /^div_: .*int32/, (w) => w.ints.div_(2)],
    ['a number into bool', DTypeError, /^add_: .*bool/, (w) => w.mask.add_(1)],
    ['bools off bools', DTypeError, /^sub_: .*bool/, (w) => w.mask.sub_(w.mask)],
    ['NaN into int32', DTypeError, /^fill_: .*NaN.*int32/, (w) => w.ints.fill_(NaN)],
    ['a condition of floats', DTypeError, /^where: .*bool.*float32.*gt\(0\)/, (w) => core.where(w.one, w.one, 0)],
    ['a mask of integers', DTypeError, /^maskedFill: .*bool.*int32/, (w) => w.matrix.maskedFill(w.ints, 0)],
    ['a gradient of another dtype', DTypeError, /^backward: .*float64.*float32/, (w) => w.leaf.mul(2).backward(w.leaf.detach().double())],
  ],
  'arguments of the wrong kind': [
    ['undefined', DTypeError, /^add: .*undefined/, (w) => w.leaf.add()],
    ['null', DTypeError, /^mul: .*null/, (w) => w.leaf.mul(null)],
    ['an array', DTypeError, /^add: .*an array.*tensor\(/, (w) => w.leaf.add([1, 2, 3])],
    ['a string', DTypeError, /^add: .*'1'/, (w) => w.leaf.add('1')],
    ['a boolean', DTypeError, /^add: .*true/, (w) => w.leaf.add(true)],
    ['an array as the first', DTypeError, /^relu: .*an array/, () => js.relu!([1])],
    ['nothing', DTypeError, /^sum: .*undefined/, () => js.sum!()],
    ['an array to matmul', DTypeError, /^matmul: .*an array/, (w) => w.matrix.matmul([[1]])],
    ['a number to matmul', DTypeError, /^matmul: .*2/, (w) => w.matrix.matmul(2)],
    ['a boolean condition', DTypeError, /^where: .*true/, () => js.where!(true, 1, 2)],
    ['tensors not in an array', ShapeError, /^cat: expected an array/, (w) => js.cat!(w.leaf, w.leaf)],
    ['numbers in the array', DTypeError, /^stack: .*1/, () => js.stack!([1, 2])],
    ['sizes not in an array', ShapeError, /^reshape: expected a shape.*got 3/, (w) => w.matrix.reshape(3, 2)],
    ['dims not in an array', ShapeError, /^permute: /, (w) => w.matrix.permute(1, 0)],
    ['keepdim by position', ValueError, /^sum: expected options.*true/, (w) => w.matrix.sum(0, true)],
    ['a second dim by position', ValueError, /^mean: expected options.*1/, (w) => w.matrix.mean(0, 1)],
    ['keepdim by position of max', ValueError, /^max: expected options/, (w) => w.matrix.max(0, true)],
    ['a norm by name', ValueError, /^norm: p .*'fro'/, (w) => w.matrix.norm('fro')],
    ['a correction that is none', ValueError, /^std: correction .*'0'/, (w) => w.matrix.std(0, { correction: '0' })],
    ['a slope in options', ValueError, /^leakyRelu: .*an object/, (w) => w.leaf.leakyRelu({ slope: 0.1 })],
    ['clamp by position', ValueError, /^clamp: .*\{ min \}/, (w) => w.leaf.clamp(0, 1)],
    ['clamp by a string', ValueError, /^clamp: .*'0'/, (w) => w.leaf.clamp({ min: '0' })],
    ['gelu of another kind', ValueError, /^gelu: approximate .*'erf'/, (w) => w.leaf.gelu({ approximate: 'erf' })],
    ['a fill of a tensor', DTypeError, /^fill_: /, (w) => w.vector.fill_(w.one)],
    ['split by 0', ValueError, /^split: size .*0/, (w) => w.leaf.split(0)],
    ['narrow without length', ValueError, /^narrow: length .*undefined/, (w) => w.leaf.narrow(0, 1)],
    ['item of many', ValueError, /^item: .*\[2, 3\].*toArray/, (w) => w.matrix.item()],
  ],
  'randomness': [
    ['a seed below 0', ValueError, /^manualSeed: .*-1/, () => core.manualSeed(-1)],
    ['a fraction as seed', ValueError, /^RandomGenerator: .*0\.5/, () => new core.RandomGenerator(0.5)],
    ['a number as generator', ValueError, /^rand: generator .*42/, () => js.rand!([2], { generator: 42 })],
    ['an empty range', ValueError, /^randint: low 3 .*high 3/, () => core.randint(3, 3, [2])],
    ['a range of fractions', ValueError, /^randint: high .*2\.5/, () => core.randint(0, 2.5, [2])],
    ['a range beyond int32', ValueError, /^randint: .*int32/, () => core.randint(0, 2 ** 33, [2])],
    ['randint without a shape', ShapeError, /^randint: .*undefined/, () => js.randint!(0, 3)],
    ['gradients of integers', GradientError, /int32.*gradient/, () => core.randint(0, 3, [2], { requiresGrad: true })],
    ['gradients of an order', GradientError, /int32.*gradient/, () => core.randperm(3, { requiresGrad: true })],
    ['a negative length', ValueError, /^randperm: n .*-1/, () => core.randperm(-1)],
  ],
  'gradients': [
    ['of integers', GradientError, /int32.*only floats/, () => core.tensor([1], { dtype: 'int32', requiresGrad: true })],
    ['of bools', GradientError, /bool.*only floats/, (w) => w.mask.requiresGrad_()],
    ['switched off in the middle', GradientError, /^requiresGrad_: .*detach/, (w) => w.leaf.mul(2).requiresGrad_(false)],
    ['of many elements', GradientError, /^backward: .*\[3\].*sum\(\)/, (w) => w.leaf.mul(2).backward()],
    ['off the tape', GradientError, /^backward: .*\[2, 3\].*not on the tape/, (w) => w.matrix.backward()],
    ['under noGrad', GradientError, /^backward: .*noGrad/, (w) => core.noGrad(() => w.leaf.sum()).backward()],
    ['detached', GradientError, /^backward: .*detached/, (w) => w.leaf.sum().detach().backward()],
    ['of a comparison', GradientError, /^backward: .*not on the tape/, (w) => w.leaf.gt(1).any().backward()],
    ['options in place of the gradient', GradientError, /^backward: .*backward\(undefined, \{ retainGraph: true \}\)/, (w) => w.leaf.sum().backward({ retainGraph: true })],
    ['a number as gradient', DTypeError, /^backward: .*1/, (w) => w.leaf.sum().backward(1)],
    ['options that are none', ValueError, /^backward: expected options.*true/, (w) => w.leaf.sum().backward(undefined, true)],
    ['empty inputs', GradientError, /^backward: inputs is empty/, (w) => w.leaf.sum().backward(undefined, { inputs: [] })],
    ['inputs that are no leaves', GradientError, /^backward: inputs must be leaves/, (w) => {
      const inner = w.leaf.mul(2)
      inner.sum().backward(undefined, { inputs: [inner] })
    }],
    ['inputs that need none', GradientError, /^backward: .*\[2\] does not require/, (w) => w.leaf.sum().backward(undefined, { inputs: [w.vector] })],
    ['gradients of what needs none', GradientError, /^gradients: .*not on the tape/, (w) => core.gradients(w.one, w.leaf)],
    ['gradients by what needs none', GradientError, /^gradients: .*\[2\] does not require/, (w) => core.gradients(w.leaf.sum(), w.vector)],
    ['gradients without inputs', DTypeError, /^gradients: .*undefined/, (w) => js.gradients!(w.leaf.sum())],
    ['gradients by what is unused', GradientError, /^gradients: .*input 0.*allowUnused/, (w) => core.gradients(w.leaf.sum(), core.zeros([], { requiresGrad: true }))],
    ['too few gradOutputs', GradientError, /^gradients: 1 gradOutputs for 2 outputs/, (w) => core.gradients([w.leaf.sum(), w.leaf.sum()], w.leaf, { gradOutputs: [null] })],
    ['grad of a function of many', GradientError, /^grad: .*\[3\].*sum\(\)/, (w) => core.grad((x: core.Tensor) => x)(w.leaf)],
    ['grad of a function of nothing', GradientError, /^grad: .*undefined/, (w) => js.grad!(() => {})(w.leaf)],
    ['grad by a number', GradientError, /^grad: argument 0 holds no tensor/, () => js.grad!((x: core.Tensor) => x)(3)],
    ['grad by integers', GradientError, /^grad: argument 0 .*int32/, (w) => core.grad((x: core.Tensor) => x.sum())(w.ints)],
    ['grad by an argument that is missing', GradientError, /^grad: argument 1/, (w) => js.grad!((x: core.Tensor) => x.sum(), { argnums: 1 })(w.leaf)],
  ],
  'changes in place': [
    ['of a leaf', GradientError, /^add_: .*\[3\].*leaf.*noGrad/, (w) => w.leaf.add_(1)],
    ['of a leaf by copy', GradientError, /^copy_: .*leaf/, (w) => w.leaf.copy_(w.vector.at(0))],
    ['of what was computed', GradientError, /^zero_|^fill_: .*recorded/, (w) => w.leaf.mul(2).zero_()],
    ['of a view of a leaf', GradientError, /^mul_: .*\[\].*recorded/, (w) => w.leaf.at(0).mul_(2)],
    ['with what requires gradients', GradientError, /^mul_: .*\[2\].*requires gradients/, (w) => w.vector.mul_(w.leaf.at(0))],
    ['of expanded memory', ShapeError, /^fill_: .*\[4, 2\].*clone/, (w) => w.vector.expand([4, 2]).fill_(0)],
  ],
  'callbacks that return promises': [
    ['noGrad', GradientError, /^noGrad: .*promise.*synchronous/, () => js.noGrad!(async () => 1)],
    ['enableGrad', GradientError, /^enableGrad: .*promise/, () => js.enableGrad!(async () => 1)],
    ['grad', GradientError, /^grad: .*promise/, (w) => js.grad!(async () => 1)(w.leaf)],
  ],
}

describe.each(Object.entries(mistakes))('%s', (_, cases) => {
  it.each(cases)('%s', (__, type, message, make) => {
    const tensors = world()
    const before = stateOf(tensors)
    let thrown: unknown
    try {
      make(tensors)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(type)
    expect(thrown).toBeInstanceOf(GradtapeError)
    expect((thrown as Error).message).toMatch(message)
    expect((thrown as Error).name).toBe(type.name)
    expect(stateOf(tensors)).toEqual(before)
  })
})

describe('a second backward', () => {
  it('without retainGraph names the op and changes no grad', () => {
    const x = core.tensor([3], { requiresGrad: true })
    const y = x.square().sum()
    y.backward()
    const attempt = (): void => y.backward()
    expect(attempt).toThrow(GradientError)
    expect(attempt).toThrow(/^backward: .*(sum|square) saved were freed.*retainGraph/)
    expect(x.grad!.toArray()).toEqual([6])
  })
})

describe('a saved value changed in place', () => {
  it('names the op, the shape and both versions, and changes no grad', () => {
    const x = core.tensor([1, 2], { requiresGrad: true })
    x.mul(7).sum().backward()
    const saved = x.mul(2)
    const y = saved.exp().mul(saved).sum()
    core.noGrad(() => saved.fill_(0))
    const attempt = (): void => y.backward()
    expect(attempt).toThrow(GradientError)
    expect(attempt).toThrow(/^backward: mul saved a tensor of shape \[2\].*version 0 then, 1 now/)
    expect(x.grad!.toArray()).toEqual([7, 7])
  })
})

describe('a grad that the user set', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['a number', 0],
    ['a tensor of another shape', core.zeros([2])],
    ['a tensor of another dtype', core.zeros([3], { dtype: 'float64' })],
  ])('%s is refused before anything is added', (_, value) => {
    const first = core.zeros([3], { requiresGrad: true })
    const second = core.zeros([3], { requiresGrad: true })
    second.grad = value as never
    expect(() => first.add(second).sum().backward()).toThrow(
      /^backward: the grad of a leaf of shape \[3\] and dtype float32 was set to .*null/,
    )
    expect([first.grad, second.grad]).toEqual([null, value])
  })
})

describe('two copies of core', () => {
  const folder = mkdtempSync(fileURLToPath(new URL('two-cores-', import.meta.url)))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('are refused in one process', () => {
    const source = fileURLToPath(new URL('../src', import.meta.url))
    cpSync(source, join(folder, 'copy'), { recursive: true })
    const script = join(folder, 'both.ts')
    const first = pathToFileURL(join(source, 'index.ts')).href
    writeFileSync(script, `import '${first}'\nawait import('./copy/index.ts')\n`)
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script], {
      encoding: 'utf8',
      cwd: fileURLToPath(new URL('../../dev', import.meta.url)),
    })
    expect(status).not.toBe(0)
    expect(stderr).toMatch(/GradtapeError: .*(second|two).*npm ls @gradtape\/core/)
  })
})

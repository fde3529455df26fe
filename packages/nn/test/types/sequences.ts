// Layers over sequences: what the compiler must accept, with the types it must find.
import { zeros, type Tensor } from '@gradtape/core'
import {
  Dense,
  functional as F,
  GRU,
  LearnedPositionalEncoding,
  LSTM,
  Module,
  MultiheadAttention,
  PositionalEncoding,
  RNN,
  Sequential,
  summary,
  TransformerDecoderLayer,
  TransformerEncoder,
  TransformerEncoderLayer,
  type Parameter,
  type Recurrent,
} from '@gradtape/nn'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/** Demands that `x` is of type `T`, no wider and no narrower. */
function is<T>(): <X>(x: X, ...no: Equal<X, T> extends true ? [] : [never]) => void {
  return () => {}
}

const x = zeros([5, 4, 8])
const chain = new Sequential(
  new PositionalEncoding(8),
  new LearnedPositionalEncoding(5, 8),
  new TransformerEncoderLayer(8, 2, { activation: 'gelu' }),
  new Dense(8, 3),
)
is<Tensor<[5, 4, 3]>>()(chain.forward(x))
is<Tensor<[5, 4, 8]>>()(new TransformerDecoderLayer(8, 2).forward(x, x, { tgtIsCausal: true }))
const encoded: Tensor = new TransformerEncoder(new TransformerEncoderLayer(8, 2), 2).forward(x)

const lstm = new LSTM(8, 3, { bidirectional: true })
const [output, [h, c]] = lstm.forward(x)
is<Tensor>()(output)
const again = lstm.forward(x, [h, c])[1]
is<Parameter>()(lstm.weightIhL0Reverse)
is<Parameter | undefined>()(lstm.biasHhL0)
const recurrent: Recurrent[] = [lstm, new RNN(8, 3, { nonlinearity: 'relu' }), new GRU(8, 3)]
is<[output: Tensor, h: Tensor]>()(new GRU(8, 3).forward(x, h))

is<[output: Tensor, weights: Tensor | null]>()(new MultiheadAttention(8, 2).forward(x, x, x))
is<Tensor>()(F.scaledDotProductAttention(x, x, x, { mask: zeros([4, 4]), dropout: 0.1 }))
is<Tensor>()(F.klDiv(x, x, { reduction: 'batchmean', logTarget: true }))

// A layer of one's own.
class Model extends Module {
  readonly layers = [new LSTM(8, 8), new GRU(8, 8)]
  forward(input: Tensor): Tensor {
    return this.layers.reduce<Tensor>((y, layer) => layer.forward(y)[0], input)
  }
}
const total: number = summary(new Model(), [5, 4, 8], { dtype: 'float32' }).parameters
summary(new Model(), [[5, 4, 8], [3]])

export { again, encoded, recurrent, total }

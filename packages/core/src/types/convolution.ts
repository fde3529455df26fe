import type { Shape } from '../shape.ts'
import type { Add, Divide, Multiply, Subtract } from './arithmetic.ts'
import type { AsShape, LacksSize, Same, ShapeMismatch, Show } from './shape.ts'

// What windows that slide over the last dims leave of them. Batches come first, if at all, then
// channels, then one or two dims of places.

/** What a kernel of `K` elements that lie `Dilation` apart reaches beyond its first. */
type Reach<K, Dilation> = K extends 1 ? 0 : Multiply<Dilation, Subtract<K, 1>>

/** How many windows start in so many places, `Stride` apart; never where there is no place. */
type Starts<Places, Stride> = [Places] extends [0]
  ? never
  : Stride extends 1
    ? Places
    : Add<Divide<Subtract<Places, 1>, Stride>, 1>

/**
 * How many windows fit: `floor((I + 2 · Padding - Dilation · (K - 1) - 1) / Stride) + 1`; never when
 * the kernel is larger than the padded input; `number` when something is unknown.
 */
export type ConvSize<I, K, Stride = 1, Padding = 0, Dilation = 1> = number extends
  I | K | Stride | Padding | Dilation
  ? number
  : Starts<Room<I, Multiply<2, Padding>, Reach<K, Dilation>>, Stride>

/** I + Added - Taken. */
type Room<I, Added, Taken> = Added extends Taken
  ? I
  : Subtract<Added extends 0 ? I : Add<I, Added>, Taken>

/**
 * What windows cover that start at `I` places:
 * `(I - 1) · Stride - 2 · Padding + Dilation · (K - 1) + OutputPadding + 1`; never below 0.
 */
export type ConvTransposeSize<
  I,
  K,
  Stride = 1,
  Padding = 0,
  Dilation = 1,
  OutputPadding = 0,
> = number extends I | K | Stride | Padding | Dilation | OutputPadding
  ? number
  : Room<
      Add<Multiply<Subtract<I, 1>, Stride>, Add<OutputPadding, 1>>,
      Reach<K, Dilation>,
      Multiply<2, Padding>
    >

/** The option `Name` for dim `I` of those that windows slide over: one number for all, or one for each. */
type Option<O, Name extends string, I extends number, Default> = Name extends keyof O
  ? At<O[Name], I, Default>
  : Default
type At<V, I extends number, Default> = V extends number
  ? V
  : V extends readonly number[]
    ? V[I]
    : Default

type SizeBy<I, K, O, D extends number, Stride> = ConvSize<
  I,
  K,
  Option<O, 'stride', D, Stride>,
  Option<O, 'padding', D, 0>,
  Option<O, 'dilation', D, 1>
>

type TransposeSizeBy<I, K, O, D extends number> = ConvTransposeSize<
  I,
  K,
  Option<O, 'stride', D, 1>,
  Option<O, 'padding', D, 0>,
  Option<O, 'dilation', D, 1>,
  Option<O, 'outputPadding', D, 0>
>

type Conv1dOf<X, W, O> = X extends readonly [...infer B, unknown, infer L]
  ? W extends readonly [infer C, unknown, infer K]
    ? [...B, C, SizeBy<L, K, O, 0, 1>]
    : Shape
  : Shape

type Conv2dOf<X, W, O> = X extends readonly [...infer B, unknown, infer H, infer V]
  ? W extends readonly [infer C, unknown, infer K, infer L]
    ? [...B, C, SizeBy<H, K, O, 0, 1>, SizeBy<V, L, O, 1, 1>]
    : Shape
  : Shape

/** The shape of a convolution of `X`, [...batch, channels, length], with weights [out, in, K]. */
export type Conv1d<X, W, O = {}> = AsShape<Conv1dOf<X, W, O>>

/** The shape of a convolution of `X`, [...batch, channels, height, width], with weights [out, in, K, K]. */
export type Conv2d<X, W, O = {}> = AsShape<Conv2dOf<X, W, O>>

/** The output channels of a transposed convolution: those of one group, in each group. */
type OutChannels<C, O> = Multiply<C, Option<O, 'groups', 0, 1>>

type ConvTranspose1dOf<X, W, O> = X extends readonly [...infer B, unknown, infer L]
  ? W extends readonly [unknown, infer C, infer K]
    ? [...B, OutChannels<C, O>, TransposeSizeBy<L, K, O, 0>]
    : Shape
  : Shape

type ConvTranspose2dOf<X, W, O> = X extends readonly [...infer B, unknown, infer H, infer V]
  ? W extends readonly [unknown, infer C, infer K, infer L]
    ? [...B, OutChannels<C, O>, TransposeSizeBy<H, K, O, 0>, TransposeSizeBy<V, L, O, 1>]
    : Shape
  : Shape

/** The shape of the transpose of {@link Conv1d}, with weights [in, out, K]. */
export type ConvTranspose1d<X, W, O = {}> = AsShape<ConvTranspose1dOf<X, W, O>>

/** The shape of the transpose of {@link Conv2d}, with weights [in, out, K, K]. */
export type ConvTranspose2d<X, W, O = {}> = AsShape<ConvTranspose2dOf<X, W, O>>

type Pool1dOf<X, K, O> = X extends readonly [...infer B, infer L]
  ? [...B, SizeBy<L, K, O, 0, K>]
  : Shape

type Pool2dOf<X, K, L, O> = X extends readonly [...infer B, infer H, infer V]
  ? [...B, SizeBy<H, K, O, 0, K>, SizeBy<V, L, O, 1, L>]
  : Shape

/** The shape of a pool of `X` over its last dim, in windows of `K`, which lie side by side unless told. */
export type Pool1d<X, K, O = {}> = AsShape<Pool1dOf<X, At<K, 0, 1>, O>>

/** The shape of a pool of `X` over its last two dims. */
export type Pool2d<X, K, O = {}> = AsShape<Pool2dOf<X, At<K, 0, 1>, At<K, 1, 1>, O>>

/** Demands that windows of `K` fit into `X`, of which `Out` was to be left. */
export type WindowsFit<Name, X, K, Out> =
  LacksSize<Out> extends true
    ? ShapeMismatch<`${Name & string}: a kernel of ${Show<K>} is larger than the padded input ${Show<X>}`>
    : unknown

/** Demands that `C` channels are as many as `X` has before its last dims, which are like those of `K`. */
type ChannelsFit<Name, X, K extends readonly unknown[], C> = X extends readonly [
  ...unknown[],
  infer N,
  ...{ [I in keyof K]: unknown },
]
  ? [Same<N, C>] extends [never]
    ? ShapeMismatch<`${Name & string}: the weight takes ${C & number} channels, but the input ${Show<X>} has ${N & number}`>
    : unknown
  : unknown

/** Demands that weights [out, in, ...K] fit a convolution of `X` that leaves `Out`. */
export type ConvFits<Name, X, W, O, Out> = W extends readonly [unknown, infer C, ...infer K]
  ? ChannelsFit<Name, X, K, Multiply<C, Option<O, 'groups', 0, 1>>> & WindowsFit<Name, X, K, Out>
  : unknown

/** Demands that weights [in, out, ...K] fit a transposed convolution of `X`. */
export type ConvTransposeFits<Name, X, W> = W extends readonly [infer C, unknown, ...infer K]
  ? ChannelsFit<Name, X, K, C>
  : unknown

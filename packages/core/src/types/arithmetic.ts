// Sums, products, differences and quotients of literal sizes, digit by digit from tables: tuples as
// long as the numbers end at some ten thousand elements, and cost more. Between, a number is a string
// of its digits, the last one first. The tables have an index signature, so that what a pattern found
// needs no proof that it is a digit; where a number has several digits they give `string`.

interface Row {
  [digit: string]: string
}
interface Table {
  [digit: string]: Row
}

// A number with a digit added: carry and digit.
// prettier-ignore
interface Plus0 extends Row { 0: '00'; 1: '01'; 2: '02'; 3: '03'; 4: '04'; 5: '05'; 6: '06'; 7: '07'; 8: '08'; 9: '09' }
// prettier-ignore
interface Plus1 extends Row { 0: '01'; 1: '02'; 2: '03'; 3: '04'; 4: '05'; 5: '06'; 6: '07'; 7: '08'; 8: '09'; 9: '10' }
// prettier-ignore
interface Plus2 extends Row { 0: '02'; 1: '03'; 2: '04'; 3: '05'; 4: '06'; 5: '07'; 6: '08'; 7: '09'; 8: '10'; 9: '11' }
// prettier-ignore
interface Plus3 extends Row { 0: '03'; 1: '04'; 2: '05'; 3: '06'; 4: '07'; 5: '08'; 6: '09'; 7: '10'; 8: '11'; 9: '12' }
// prettier-ignore
interface Plus4 extends Row { 0: '04'; 1: '05'; 2: '06'; 3: '07'; 4: '08'; 5: '09'; 6: '10'; 7: '11'; 8: '12'; 9: '13' }
// prettier-ignore
interface Plus5 extends Row { 0: '05'; 1: '06'; 2: '07'; 3: '08'; 4: '09'; 5: '10'; 6: '11'; 7: '12'; 8: '13'; 9: '14' }
// prettier-ignore
interface Plus6 extends Row { 0: '06'; 1: '07'; 2: '08'; 3: '09'; 4: '10'; 5: '11'; 6: '12'; 7: '13'; 8: '14'; 9: '15' }
// prettier-ignore
interface Plus7 extends Row { 0: '07'; 1: '08'; 2: '09'; 3: '10'; 4: '11'; 5: '12'; 6: '13'; 7: '14'; 8: '15'; 9: '16' }
// prettier-ignore
interface Plus8 extends Row { 0: '08'; 1: '09'; 2: '10'; 3: '11'; 4: '12'; 5: '13'; 6: '14'; 7: '15'; 8: '16'; 9: '17' }
// prettier-ignore
interface Plus9 extends Row { 0: '09'; 1: '10'; 2: '11'; 3: '12'; 4: '13'; 5: '14'; 6: '15'; 7: '16'; 8: '17'; 9: '18' }
// prettier-ignore
interface Plus10 extends Row { 0: '10'; 1: '11'; 2: '12'; 3: '13'; 4: '14'; 5: '15'; 6: '16'; 7: '17'; 8: '18'; 9: '19' }

/** A carry and two digits added. */
interface Sums {
  [carry: string]: Table
  0: Plain
  1: Carried
}
// prettier-ignore
interface Plain extends Table { 0: Plus0; 1: Plus1; 2: Plus2; 3: Plus3; 4: Plus4; 5: Plus5; 6: Plus6; 7: Plus7; 8: Plus8; 9: Plus9 }
// prettier-ignore
interface Carried extends Table { 0: Plus1; 1: Plus2; 2: Plus3; 3: Plus4; 4: Plus5; 5: Plus6; 6: Plus7; 7: Plus8; 8: Plus9; 9: Plus10 }

/** Two digits multiplied: tens and ones. */
interface Tens extends Table {
  // prettier-ignore
  0: { [digit: string]: string; 0: '0'; 1: '0'; 2: '0'; 3: '0'; 4: '0'; 5: '0'; 6: '0'; 7: '0'; 8: '0'; 9: '0' }
  // prettier-ignore
  1: { [digit: string]: string; 0: '0'; 1: '0'; 2: '0'; 3: '0'; 4: '0'; 5: '0'; 6: '0'; 7: '0'; 8: '0'; 9: '0' }
  // prettier-ignore
  2: { [digit: string]: string; 0: '0'; 1: '0'; 2: '0'; 3: '0'; 4: '0'; 5: '1'; 6: '1'; 7: '1'; 8: '1'; 9: '1' }
  // prettier-ignore
  3: { [digit: string]: string; 0: '0'; 1: '0'; 2: '0'; 3: '0'; 4: '1'; 5: '1'; 6: '1'; 7: '2'; 8: '2'; 9: '2' }
  // prettier-ignore
  4: { [digit: string]: string; 0: '0'; 1: '0'; 2: '0'; 3: '1'; 4: '1'; 5: '2'; 6: '2'; 7: '2'; 8: '3'; 9: '3' }
  // prettier-ignore
  5: { [digit: string]: string; 0: '0'; 1: '0'; 2: '1'; 3: '1'; 4: '2'; 5: '2'; 6: '3'; 7: '3'; 8: '4'; 9: '4' }
  // prettier-ignore
  6: { [digit: string]: string; 0: '0'; 1: '0'; 2: '1'; 3: '1'; 4: '2'; 5: '3'; 6: '3'; 7: '4'; 8: '4'; 9: '5' }
  // prettier-ignore
  7: { [digit: string]: string; 0: '0'; 1: '0'; 2: '1'; 3: '2'; 4: '2'; 5: '3'; 6: '4'; 7: '4'; 8: '5'; 9: '6' }
  // prettier-ignore
  8: { [digit: string]: string; 0: '0'; 1: '0'; 2: '1'; 3: '2'; 4: '3'; 5: '4'; 6: '4'; 7: '5'; 8: '6'; 9: '7' }
  // prettier-ignore
  9: { [digit: string]: string; 0: '0'; 1: '0'; 2: '1'; 3: '2'; 4: '3'; 5: '4'; 6: '5'; 7: '6'; 8: '7'; 9: '8' }
}
interface Ones extends Table {
  // prettier-ignore
  0: { [digit: string]: string; 0: '0'; 1: '0'; 2: '0'; 3: '0'; 4: '0'; 5: '0'; 6: '0'; 7: '0'; 8: '0'; 9: '0' }
  // prettier-ignore
  1: { [digit: string]: string; 0: '0'; 1: '1'; 2: '2'; 3: '3'; 4: '4'; 5: '5'; 6: '6'; 7: '7'; 8: '8'; 9: '9' }
  // prettier-ignore
  2: { [digit: string]: string; 0: '0'; 1: '2'; 2: '4'; 3: '6'; 4: '8'; 5: '0'; 6: '2'; 7: '4'; 8: '6'; 9: '8' }
  // prettier-ignore
  3: { [digit: string]: string; 0: '0'; 1: '3'; 2: '6'; 3: '9'; 4: '2'; 5: '5'; 6: '8'; 7: '1'; 8: '4'; 9: '7' }
  // prettier-ignore
  4: { [digit: string]: string; 0: '0'; 1: '4'; 2: '8'; 3: '2'; 4: '6'; 5: '0'; 6: '4'; 7: '8'; 8: '2'; 9: '6' }
  // prettier-ignore
  5: { [digit: string]: string; 0: '0'; 1: '5'; 2: '0'; 3: '5'; 4: '0'; 5: '5'; 6: '0'; 7: '5'; 8: '0'; 9: '5' }
  // prettier-ignore
  6: { [digit: string]: string; 0: '0'; 1: '6'; 2: '2'; 3: '8'; 4: '4'; 5: '0'; 6: '6'; 7: '2'; 8: '8'; 9: '4' }
  // prettier-ignore
  7: { [digit: string]: string; 0: '0'; 1: '7'; 2: '4'; 3: '1'; 4: '8'; 5: '5'; 6: '2'; 7: '9'; 8: '6'; 9: '3' }
  // prettier-ignore
  8: { [digit: string]: string; 0: '0'; 1: '8'; 2: '6'; 3: '4'; 4: '2'; 5: '0'; 6: '8'; 7: '6'; 8: '4'; 9: '2' }
  // prettier-ignore
  9: { [digit: string]: string; 0: '0'; 1: '9'; 2: '8'; 3: '7'; 4: '6'; 5: '5'; 6: '4'; 7: '3'; 8: '2'; 9: '1' }
}

/** What is missing to 9. */
// prettier-ignore
interface Nines extends Row { 0: '9'; 1: '8'; 2: '7'; 3: '6'; 4: '5'; 5: '4'; 6: '3'; 7: '2'; 8: '1'; 9: '0' }

/** So many strokes. */
// prettier-ignore
interface Strokes extends Row { 0: ''; 1: '|'; 2: '||'; 3: '|||'; 4: '||||'; 5: '|||||'; 6: '||||||'; 7: '|||||||'; 8: '||||||||'; 9: '|||||||||' }

type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9'
type Carry = '0' | '1'

type Reversed<S, Out extends string = ''> = S extends `${infer H}${infer R}`
  ? Reversed<R, `${H}${Out}`>
  : Out

/** Reversed, and each digit replaced by what it lacks to 9. */
type Complement<S, Out extends string = ''> = S extends `${infer H}${infer R}`
  ? Complement<R, `${Nines[H]}${Out}`>
  : Out

/** The number that is written so, perhaps with zeros in front. */
type NumberOf<S> = Significant<S> extends `${infer N extends number}` ? N : number
type Significant<S> = S extends `0${infer R}` ? (R extends '' ? S : Significant<R>) : S

/**
 * The sum of `A` and `B` in a state `carry, digit, A | B`, where the digit is what the last step
 * found; the first of them is written at the end of `Out`, and is no part of the sum. The shorter
 * number goes on with zeros, `B` with `Pad`.
 */
type SumOf<
  State extends string,
  Pad extends Digit = '0',
  Out extends string = '',
> = State extends `${infer C}${infer D}${infer X}${infer A}+${infer Y}${infer B}`
  ? SumOf<`${Sums[C][X][Y]}${A}+${B}`, Pad, `${D}${Out}`>
  : State extends `${infer S}+`
    ? S extends `${Carry}${Digit}`
      ? `${S}${Out}`
      : SumOf<`${State}${Pad}`, Pad, Out>
    : State extends `${infer C}${infer D}+${infer B}`
      ? SumOf<`${C}${D}0+${B}`, Pad, Out>
      : never

type SumDigits<A extends string, B extends string> = Sums['0'][A][B] extends infer S
  ? string extends S
    ? SumOf<`00${Reversed<A>}+${Reversed<B>}`> extends `${infer Long}0`
      ? Long
      : never
    : S
  : never

/** A + B. */
export type Add<A, B> = number extends A | B
  ? number
  : NumberOf<SumDigits<`${A & number}`, `${B & number}`>>

/** Adds to A what B lacks to 99…9, and 1: a carry says that there was enough. */
type DifferenceDigits<A extends string, B extends string> = Sums['1'][A][Nines[B]] extends infer S
  ? string extends S
    ? SumOf<`10${Reversed<A>}+${Complement<B>}`, '9'> extends `1${infer Long}0`
      ? Long
      : never
    : S extends `1${infer D}`
      ? D
      : never
  : never

/** A - B; never below 0. */
export type Subtract<A, B> = number extends A | B
  ? number
  : NumberOf<DifferenceDigits<`${A & number}`, `${B & number}`>>

/** `A` times one digit, plus a carry. */
type TimesDigit<
  A,
  K extends string,
  C extends string = '0',
  Out extends string = '',
> = A extends `${infer X}${infer R}`
  ? Sums['0'][Ones[X][K]][C] extends `${infer D}${infer N}`
    ? TimesDigit<R, K, Added[D][Tens[X][K]], `${Out}${N}`>
    : never
  : `${Out}${C}`

/** A carry added to a digit below 9. */
interface Added extends Table {
  0: Ones['1']
  1: Next
}

/** `A` times the digits of `B`, the first one first; `Out` is the product with those that are done. */
type ProductOf<A extends string, B, Out extends string = ''> = B extends `${infer K}${infer R}`
  ? Out extends ''
    ? ProductOf<A, R, TimesDigit<A, K>>
    : SumOf<`000${Out}+${TimesDigit<A, K>}`> extends `${infer S}0`
      ? ProductOf<A, R, Reversed<S>>
      : never
  : Out

type ProductDigits<
  A extends string,
  B extends string,
> = `${Tens[A][B]}${Ones[A][B]}` extends infer S
  ? S extends `${Digit}${Digit}`
    ? S
    : Reversed<ProductOf<Reversed<A>, B>>
  : never

/** A · B. */
export type Multiply<A, B> = number extends A | B
  ? number
  : NumberOf<ProductDigits<`${A & number}`, `${B & number}`>>

/** A number in strokes. */
type Unary<S, Out extends string = ''> = S extends `${infer H}${infer R}`
  ? Unary<R, `${TenTimes<Out>}${Strokes[H]}`>
  : Out
type TenTimes<S extends string> = `${S}${S}${S}${S}${S}${S}${S}${S}${S}${S}`

/**
 * Long division of the digits `A` by the strokes `D`: as often as `D` goes into the remainder `R`, so
 * much is the digit `Q`; then the next digit comes down. Quotient and remainder.
 */
type DivisionOf<
  A,
  D extends string,
  R extends string = '',
  Q extends string = '0',
  Out extends string = '',
> = R extends `${D}${infer L}`
  ? DivisionOf<A, D, L, Next[Q], Out>
  : A extends `${infer H}${infer T}`
    ? DivisionOf<T, D, `${TenTimes<R>}${Strokes[H]}`, '0', `${Out}${Q}`>
    : [`${Out}${Q}`, R]
// prettier-ignore
interface Next extends Row { 0: '1'; 1: '2'; 2: '3'; 3: '4'; 4: '5'; 5: '6'; 6: '7'; 7: '8'; 8: '9' }

/** A / B, rounded down. */
export type Divide<A, B> = number extends A | B
  ? number
  : B extends 0
    ? number
    : NumberOf<DivisionOf<`${A & number}`, Unary<`${B & number}`>>[0]>

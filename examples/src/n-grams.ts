/**
 * What a character of `heldOut` costs on average, in nats, when it is guessed by how often runs of up to
 * `order` characters stand in `known`. The one is taken to go on where the other ends; of both the codes
 * of characters are given, below `characters`.
 *
 * The character c after the run h has the probability `(N(hc) + K(h) · p(c|h′)) / (N(h) + K(h))`: N
 * counts runs, K is the number of different characters seen behind h, and h′ is h without its
 * first character. So what was never seen behind h is judged by what stands behind shorter runs, and
 * at last by chance.
 *
 * Source: Witten, Bell, "The zero-frequency problem", IEEE Transactions on Information Theory 37(4),
 * 1991.
 */
export function nGramCost(
  order: number,
  known: readonly number[],
  heldOut: readonly number[],
  characters: number,
): number {
  const behind = Array.from({ length: order }, () => new Map<string, Map<number, number>>())
  const runBefore = (text: readonly number[], i: number, length: number): string =>
    text.slice(i - length, i).join()
  known.forEach((character, i) => {
    behind.forEach((followers, length) => {
      if (length > i) return
      const run = runBefore(known, i, length)
      const counts = followers.get(run) ?? new Map<number, number>()
      followers.set(run, counts.set(character, (counts.get(character) ?? 0) + 1))
    })
  })
  const text = [...known.slice(-order), ...heldOut]
  let cost = 0
  for (let i = text.length - heldOut.length; i < text.length; i++) {
    let p = 1 / characters
    behind.forEach((followers, length) => {
      const counts = followers.get(runBefore(text, i, length))
      if (counts === undefined) return
      let total = 0
      for (const count of counts.values()) total += count
      p = ((counts.get(text[i]!) ?? 0) + counts.size * p) / (total + counts.size)
    })
    cost -= Math.log(p)
  }
  return cost / heldOut.length
}

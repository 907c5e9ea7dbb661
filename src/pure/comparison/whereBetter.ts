import type { AreaDifferences } from '#protocol/comparison.ts'

type Pair = AreaDifferences['pairs'][number]

/** The condition that is better in an area as far as its interval leaves out zero; null where that decides nothing. */
export const sureWinner = ({ a, b }: Pair, { interval: [low, high] }: Pair['differences'][number]): string | null =>
  high < 0 ? b : low > 0 ? a : null

/** A difference with its sign, km. */
export const signedKm = (km: number): string =>
  `${km < 0 ? '\u2212' : '+'}${Math.abs(km).toFixed(Math.abs(km) < 10 ? 1 : 0)}`

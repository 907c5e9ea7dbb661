/** Median; of an even count the mean of the middle two. NaN for none. */
export const median = (values: ArrayLike<number>): number => medianOfSorted(Float64Array.from(values).sort())

/** As `median`, of values in rising order. */
export function medianOfSorted(sorted: ArrayLike<number>): number {
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Below which a share of the values lies: between two of them linearly (type 7 of Hyndman and Fan 1996, NumPy's default). NaN for none. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN
  const position = (sorted.length - 1) * share
  const below = Math.floor(position)
  const low = sorted[below]!
  return low + (position - below) * (sorted[Math.min(below + 1, sorted.length - 1)]! - low)
}

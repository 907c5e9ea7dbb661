/** Greatest draws that the tail is fitted to (Knijnenburg et al. 2009). */
const tailSize = 250

/** What says how rare a value is among draws, beyond the greatest of them too. */
export interface TailOfDraws {
  p(value: number): number
}

/**
 * The share of draws at least as great, and beyond the 250 greatest a generalised Pareto tail through them (Knijnenburg et al.
 * 2009, "Fewer permutations, more accurate P-values"), by probability-weighted moments (Hosking and Wallis 1987). A tail that
 * would end is taken as exponential, so that no p is 0.
 */
export function tailOfDraws(draws: Float64Array): TailOfDraws {
  const sorted = draws.slice().sort()
  const total = sorted.length
  const tail = Math.min(tailSize, total >> 2)
  const threshold = sorted[total - tail - 1]!
  let [b0, b1] = [0, 0]
  for (let k = 0; k < tail; k++) {
    const excess = sorted[total - tail + k]! - threshold
    b0 += excess / tail
    b1 += (excess * (tail - 1 - k + 0.35)) / tail / tail
  }
  const shape = Math.max(0, 2 - b0 / (b0 - 2 * b1))
  const scale = shape === 0 ? b0 : (2 * b0 * b1) / (b0 - 2 * b1)
  return {
    p(value) {
      if (value > threshold && scale > 0) {
        const excess = (value - threshold) / scale
        const left = shape < 1e-6 ? Math.exp(-excess) : (1 + shape * excess) ** (-1 / shape)
        return (tail / total) * left
      }
      let [low, high] = [0, total]
      while (low < high) {
        const middle = (low + high) >> 1
        if (sorted[middle]! < value) low = middle + 1
        else high = middle
      }
      return (total - low + 1) / (total + 1)
    },
  }
}

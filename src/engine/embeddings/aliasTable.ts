/**
 * Alias tables (Walker 1977, in the form of Vose 1991) for drawing i with a probability proportional to weights[i]: take
 * i uniformly and 32 random bits; bits < threshold[i] gives i, else alias[i].
 * @param weights not negative, not all zero
 */
export function aliasTable(weights: Float64Array): { threshold: Uint32Array; alias: Uint32Array } {
  const size = weights.length
  const scale = size / weights.reduce((sum, weight) => sum + weight, 0)
  const left = weights.map((weight) => weight * scale)
  const threshold = new Uint32Array(size).fill(0xffffffff)
  const alias = Uint32Array.from({ length: size }, (_, i) => i)
  const small: number[] = []
  const large: number[] = []
  for (let i = size - 1; i >= 0; i--) (left[i]! < 1 ? small : large).push(i)
  while (small.length > 0 && large.length > 0) {
    const less = small.pop()!
    const more = large.at(-1)!
    threshold[less] = Math.min(0xffffffff, Math.round(left[less]! * 2 ** 32))
    alias[less] = more
    left[more] = left[more]! + left[less]! - 1
    if (left[more]! < 1) small.push(large.pop()!)
  }
  return { threshold, alias }
}

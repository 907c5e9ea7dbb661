/** n x rank features in columns of length n: the kernel is their inner products, but for what `left` says. */
export interface LowRank {
  /** Feature k of point i is `values[k * points + i]`. */
  values: Float64Array
  points: number
  rank: number
}

/**
 * A symmetric positive semidefinite matrix as products of few features: Cholesky with the greatest remaining diagonal first
 * (Harbrecht, Peters & Schneider 2012), until all that remains of the trace is `tolerance` of it or `mostRank` is reached.
 * Ties go to the lower row.
 * @param diagonal of the matrix, n values
 * @param row writes row i of the matrix into an array of length n
 */
export function pivotedCholesky(
  diagonal: Float64Array,
  row: (i: number, into: Float64Array) => void,
  { mostRank, tolerance }: { mostRank: number; tolerance: number },
): LowRank {
  const points = diagonal.length
  const most = Math.min(points, mostRank)
  const values = new Float64Array(most * points)
  const left = diagonal.slice()
  const line = new Float64Array(points)
  const trace = left.reduce((sum, value) => sum + value, 0)
  let rank = 0
  for (; rank < most; rank++) {
    let pivot = 0
    let remaining = 0
    for (let i = 0; i < points; i++) {
      remaining += Math.max(0, left[i]!)
      if (left[i]! > left[pivot]!) pivot = i
    }
    if (!(remaining > tolerance * trace)) break
    row(pivot, line)
    for (let k = 0; k < rank; k++) {
      const start = k * points
      const factor = values[start + pivot]!
      for (let i = 0; i < points; i++) line[i]! -= factor * values[start + i]!
    }
    const scale = 1 / Math.sqrt(left[pivot]!)
    const start = rank * points
    for (let i = 0; i < points; i++) {
      const value = line[i]! * scale
      values[start + i] = value
      left[i]! -= value * value
    }
  }
  return { values: values.subarray(0, rank * points), points, rank }
}

/**
 * The area in two halves of informants: along the axis in space in which sites spread most, at the weighted median.
 * @param vectors unit vectors of sites
 * @returns 1 or -1 by site
 */
export function halvesOfSites(vectors: Float64Array, informants: Float64Array): Float64Array {
  const positions = alongWidest(vectors, informants)
  const order = [...informants.keys()].sort((a, b) => positions[a]! - positions[b]! || a - b)
  const half = informants.reduce((sum, m) => sum + m, 0) / 2
  const side = new Float64Array(informants.length)
  let passed = 0
  for (const i of order) {
    side[i] = passed + informants[i]! / 2 < half ? -1 : 1
    passed += informants[i]!
  }
  return side
}

/** Coordinates along the first principal axis, by power iteration. */
function alongWidest(vectors: Float64Array, weights: Float64Array): Float64Array {
  const n = weights.length
  const mean = [0, 0, 0]
  let sum = 0
  for (let i = 0; i < n; i++) {
    sum += weights[i]!
    for (let axis = 0; axis < 3; axis++) mean[axis]! += weights[i]! * vectors[3 * i + axis]!
  }
  const covariance = new Float64Array(9)
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++)
        covariance[3 * a + b]! +=
          weights[i]! * (vectors[3 * i + a]! - mean[a]! / sum) * (vectors[3 * i + b]! - mean[b]! / sum)
    }
  }
  let axis = [1, 0.5, 0.25]
  for (let step = 0; step < 100; step++) {
    const next = [0, 1, 2].map(
      (a) => covariance[3 * a]! * axis[0]! + covariance[3 * a + 1]! * axis[1]! + covariance[3 * a + 2]! * axis[2]!,
    )
    const length = Math.hypot(...next)
    if (length === 0) break
    axis = next.map((value) => value / length)
  }
  return Float64Array.from(
    { length: n },
    (_, i) => axis[0]! * vectors[3 * i]! + axis[1]! * vectors[3 * i + 1]! + axis[2]! * vectors[3 * i + 2]!,
  )
}

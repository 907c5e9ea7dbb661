/** A rotation of loadings: `loadings` are those that were given, times `rotation`. */
export interface Rotated {
  /** maps x factors, row by row. */
  loadings: Float64Array
  /** factors x factors, row by row; orthogonal. */
  rotation: Float64Array
}

const mostSweeps = 200
const smallestAngle = 1e-9

/**
 * Varimax (Kaiser 1958): the orthogonal rotation after which the squared loadings of each factor, rows scaled to length 1, vary
 * most, so that a map loads on few factors. Pairs of factors are turned in their plane until none turns any more.
 * @param loadings maps x factors, row by row
 */
export function varimax(loadings: Float64Array, factors: number): Rotated {
  const maps = loadings.length / factors
  const lengths = Float64Array.from({ length: maps }, (_, map) =>
    Math.hypot(...loadings.subarray(map * factors, (map + 1) * factors)),
  )
  const scaled = loadings.map((value, at) => value / (lengths[Math.floor(at / factors)]! || 1))
  const rotation = new Float64Array(factors * factors)
  for (let k = 0; k < factors; k++) rotation[k * factors + k] = 1
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let turned = 0
    for (let i = 0; i < factors; i++)
      for (let j = i + 1; j < factors; j++) {
        const angle = angleOf(scaled, factors, i, j)
        turned = Math.max(turned, Math.abs(angle))
        turn(scaled, factors, i, j, angle)
        turn(rotation, factors, i, j, angle)
      }
    if (turned < smallestAngle) break
  }
  return { loadings: scaled.map((value, at) => value * lengths[Math.floor(at / factors)]!), rotation }
}

/** Of the plane of two factors: Kaiser's closed form. */
function angleOf(loadings: Float64Array, factors: number, i: number, j: number): number {
  const maps = loadings.length / factors
  let [a, b, c, d] = [0, 0, 0, 0]
  for (let map = 0; map < maps; map++) {
    const [x, y] = [loadings[map * factors + i]!, loadings[map * factors + j]!]
    const [u, v] = [x * x - y * y, 2 * x * y]
    a += u
    b += v
    c += u * u - v * v
    d += 2 * u * v
  }
  return Math.atan2(d - (2 * a * b) / maps, c - (a * a - b * b) / maps) / 4
}

function turn(rows: Float64Array, factors: number, i: number, j: number, angle: number): void {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  for (let at = 0; at < rows.length; at += factors) {
    const [x, y] = [rows[at + i]!, rows[at + j]!]
    rows[at + i] = cos * x + sin * y
    rows[at + j] = cos * y - sin * x
  }
}

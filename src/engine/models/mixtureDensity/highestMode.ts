import { logDensities, type Gaussians } from './gaussians.ts'

/** Means from which the ascent begins: those where the mixture is densest. */
const starts = 5
const mostSteps = 200
/** Of the plane's unit: a shift that ends the ascent. */
const leastShift = 1e-6

/**
 * Finds where mixtures of the same Gaussians are densest. From the means of greatest density the fixed point of
 * Carreira-Perpiñán (2000) climbs to a mode, as EM does: x = (sum p_k S_k^-1)^-1 sum p_k S_k^-1 m_k with p_k = w_k N_k(x). Ties go
 * to the lower Gaussian.
 */
export function modeFinder(gaussians: Gaussians): (weights: Float64Array) => [x: number, y: number] {
  const { means, correlations } = gaussians
  const count = correlations.length
  /** Density of Gaussian j at the mean of k, at k * count + j. */
  const atMeans = new Float64Array(count * count)
  const logs = new Float64Array(count)
  for (let k = 0; k < count; k++) {
    logDensities(gaussians, means[2 * k]!, means[2 * k + 1]!, logs)
    for (let j = 0; j < count; j++) atMeans[k * count + j] = Math.exp(logs[j]!)
  }
  const densities = new Float64Array(count)
  return (weights) => {
    for (let k = 0; k < count; k++) {
      let density = 0
      for (let j = 0; j < count; j++) density += weights[j]! * atMeans[k * count + j]!
      densities[k] = density
    }
    let best: [number, number] = [means[0]!, means[1]!]
    let highest = -Infinity
    for (const k of densest(densities)) {
      const [x, y, density] = climb(gaussians, weights, means[2 * k]!, means[2 * k + 1]!, logs)
      if (density <= highest) continue
      highest = density
      best = [x, y]
    }
    return best
  }
}

/** The places of the greatest values, ties to the lower. */
function densest(densities: Float64Array): number[] {
  const found: number[] = []
  for (let k = 0; k < densities.length; k++) {
    let at = found.length
    while (at > 0 && densities[k]! > densities[found[at - 1]!]!) at--
    if (at < starts) found.splice(at, 0, k)
    if (found.length > starts) found.pop()
  }
  return found
}

/** The mode above a place, and the mixture's density there. */
function climb(
  gaussians: Gaussians,
  weights: Float64Array,
  fromX: number,
  fromY: number,
  logs: Float64Array,
): [x: number, y: number, density: number] {
  const { means, spreads, correlations } = gaussians
  let [x, y] = [fromX, fromY]
  for (let step = 0; step < mostSteps; step++) {
    logDensities(gaussians, x, y, logs)
    let [xx, xy, yy, bx, by] = [0, 0, 0, 0, 0]
    for (let k = 0; k < correlations.length; k++) {
      const part = weights[k]! * Math.exp(logs[k]!)
      if (part < 1e-300) continue
      const [sx, sy, r] = [spreads[2 * k]!, spreads[2 * k + 1]!, correlations[k]!]
      const precision = part / (1 - r * r)
      const [a, b, c] = [precision / (sx * sx), (-precision * r) / (sx * sy), precision / (sy * sy)]
      xx += a
      xy += b
      yy += c
      bx += a * means[2 * k]! + b * means[2 * k + 1]!
      by += b * means[2 * k]! + c * means[2 * k + 1]!
    }
    const determinant = xx * yy - xy * xy
    if (!(determinant > 0)) break
    const [nextX, nextY] = [(yy * bx - xy * by) / determinant, (xx * by - xy * bx) / determinant]
    const shift = Math.abs(nextX - x) + Math.abs(nextY - y)
    ;[x, y] = [nextX, nextY]
    if (shift < leastShift) break
  }
  logDensities(gaussians, x, y, logs)
  let density = 0
  for (let k = 0; k < correlations.length; k++) density += weights[k]! * Math.exp(logs[k]!)
  return [x, y, density]
}

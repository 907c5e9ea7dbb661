/** Bivariate Gaussians in the plane. Of Gaussian k: `means` and `spreads` at 2 k (east) and 2 k + 1 (north). */
export interface Gaussians {
  means: Float64Array
  /** Standard deviations. */
  spreads: Float64Array
  /** -1 to 1. */
  correlations: Float64Array
}

/** Values of a Gaussian that are learnt: its mean, two for its spreads, one for its correlation. */
export const valuesPerGaussian = 5
/** Of a correlation: at 1 a Gaussian is a line. */
const mostCorrelation = 0.98
const logTwoPi = Math.log(2 * Math.PI)

/**
 * Gaussians of learnt values (x, y, a, b, c): spreads are `leastSpread` + e^a and e^b, so that no scale is built in, and the
 * correlation is the softsign c / (1 + |c|) (Rahimi, Baldwin & Cohn 2017a), a little less.
 */
export function gaussiansOf(values: ArrayLike<number>, leastSpread: number): Gaussians {
  const count = values.length / valuesPerGaussian
  const found: Gaussians = {
    means: new Float64Array(2 * count),
    spreads: new Float64Array(2 * count),
    correlations: new Float64Array(count),
  }
  for (let k = 0; k < count; k++) {
    const at = valuesPerGaussian * k
    for (const axis of [0, 1]) {
      found.means[2 * k + axis] = values[at + axis]!
      found.spreads[2 * k + axis] = leastSpread + Math.exp(values[at + 2 + axis]!)
    }
    const c = values[at + 4]!
    found.correlations[k] = (mostCorrelation * c) / (1 + Math.abs(c))
  }
  return found
}

/** Learnt values of a Gaussian, the other way round; a spread of the least one or below it becomes hardly more. */
export function valuesOf(
  mean: readonly [number, number],
  spreads: readonly [number, number],
  correlation: number,
  leastSpread: number,
): number[] {
  const r = Math.max(-0.95, Math.min(0.95, correlation / mostCorrelation))
  const log = (spread: number) => Math.log(Math.max(spread - leastSpread, leastSpread / 10))
  return [...mean, log(spreads[0]), log(spreads[1]), r / (1 - Math.abs(r))]
}

/** Natural logarithm of the density of each Gaussian at a place of the plane. */
export function logDensities(
  { means, spreads, correlations }: Gaussians,
  x: number,
  y: number,
  into: Float64Array,
): void {
  for (let k = 0; k < correlations.length; k++) {
    const [sx, sy, r] = [spreads[2 * k]!, spreads[2 * k + 1]!, correlations[k]!]
    const [dx, dy, q] = [(x - means[2 * k]!) / sx, (y - means[2 * k + 1]!) / sy, 1 - r * r]
    into[k] = -logTwoPi - Math.log(sx * sy) - Math.log(q) / 2 - (dx * dx - 2 * r * dx * dy + dy * dy) / (2 * q)
  }
}

/**
 * Adds to the gradients of learnt values those of -sum of share_k ln N_k(x, y), share being each Gaussian's part in the place.
 * @param scale what each gradient is multiplied by
 */
export function addGradients(
  { means, spreads, correlations }: Gaussians,
  leastSpread: number,
  [x, y]: readonly [number, number],
  share: Float64Array,
  scale: number,
  gradient: Float32Array,
): void {
  for (let k = 0; k < correlations.length; k++) {
    const weight = -share[k]! * scale
    if (weight > -1e-12) continue
    const [sx, sy, r] = [spreads[2 * k]!, spreads[2 * k + 1]!, correlations[k]!]
    const [dx, dy, q] = [(x - means[2 * k]!) / sx, (y - means[2 * k + 1]!) / sy, 1 - r * r]
    const z = dx * dx - 2 * r * dx * dy + dy * dy
    const at = valuesPerGaussian * k
    gradient[at]! += (weight * (dx - r * dy)) / (q * sx)
    gradient[at + 1]! += (weight * (dy - r * dx)) / (q * sy)
    gradient[at + 2]! += weight * ((dx * dx - r * dx * dy) / q - 1) * (1 - leastSpread / sx)
    gradient[at + 3]! += weight * ((dy * dy - r * dx * dy) / q - 1) * (1 - leastSpread / sy)
    const slope = 1 - Math.abs(r) / mostCorrelation
    gradient[at + 4]! += weight * ((r + dx * dy) / q - (z * r) / (q * q)) * mostCorrelation * slope * slope
  }
}

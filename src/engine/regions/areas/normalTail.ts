/**
 * The probability that a standard normal variable exceeds z, to twelve digits in either tail: the series of the error
 * function near the middle, its continued fraction beyond (Abramowitz & Stegun 1964, 7.1.6 and 7.1.14).
 */
export function normalTail(z: number): number {
  if (Number.isNaN(z)) return NaN
  if (z < 0) return 1 - normalTail(-z)
  const x = z / Math.SQRT2
  if (x < 2) {
    let term = x
    let sum = x
    for (let k = 1; Math.abs(term) > 1e-17 * sum; k++) {
      term *= (2 * x * x) / (2 * k + 1)
      sum += term
    }
    return 0.5 - (Math.exp(-x * x) / Math.sqrt(Math.PI)) * sum
  }
  // From the inside out; sixty terms are more than enough from x = 2 on.
  let fraction = 0
  for (let k = 60; k > 0; k--) fraction = k / 2 / (x + fraction)
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / 2 / (x + fraction)
}

/** How often a normal variable lies as far from 0 as z, on either side. */
export function twoSided(z: number): number {
  return 2 * normalTail(Math.abs(z))
}

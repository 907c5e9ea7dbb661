import { normalTail } from '#engine/regions/areas/normalTail.ts'

/** So near the mean the formula is nearly 0 / 0; there the tail is nearly straight. */
const near = 0.005

/**
 * P(sum of lambda_k chi^2_1 >= q) by the saddlepoint (Lugannani and Rice 1980, for quadratic forms Kuonen 1999).
 * @param lambdas positive
 */
export function weightedChiSquareTail(lambdas: Float64Array, q: number): number {
  const mean = lambdas.reduce((sum, lambda) => sum + lambda, 0)
  if (!(mean > 0) || q <= 0) return 1
  if (Math.abs(q - mean) >= near * mean) return saddlepointTail(lambdas, q)
  const [below, above] = [saddlepointTail(lambdas, (1 - near) * mean), saddlepointTail(lambdas, (1 + near) * mean)]
  return below + ((q / mean - 1 + near) / (2 * near)) * (above - below)
}

function saddlepointTail(lambdas: Float64Array, q: number): number {
  const greatest = lambdas.reduce((most, lambda) => Math.max(most, lambda), 0)
  const slope = (t: number) => lambdas.reduce((sum, lambda) => sum + lambda / (1 - 2 * lambda * t), 0)
  let [low, high] = [-(lambdas.length + 1) / (2 * q), 1 / (2 * greatest)]
  for (let step = 0; step < 200 && high - low > 1e-14 * (Math.abs(low) + Math.abs(high)); step++) {
    const middle = (low + high) / 2
    if (slope(middle) < q) low = middle
    else high = middle
  }
  const t = (low + high) / 2
  const cumulant = -lambdas.reduce((sum, lambda) => sum + Math.log(1 - 2 * lambda * t), 0) / 2
  const curvature = lambdas.reduce((sum, lambda) => sum + 2 * (lambda / (1 - 2 * lambda * t)) ** 2, 0)
  const w = Math.sign(t) * Math.sqrt(Math.max(0, 2 * (t * q - cumulant)))
  const v = t * Math.sqrt(curvature)
  return Math.min(1, Math.max(0, normalTail(w + Math.log(v / w) / w)))
}

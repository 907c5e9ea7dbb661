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
  const t = saddlepoint(lambdas, q)
  let [logs, curvature] = [0, 0]
  for (const lambda of lambdas) {
    const inner = 1 - 2 * lambda * t
    logs += Math.log(inner)
    curvature += 2 * (lambda / inner) ** 2
  }
  const cumulant = -logs / 2
  const w = Math.sign(t) * Math.sqrt(Math.max(0, 2 * (t * q - cumulant)))
  const v = t * Math.sqrt(curvature)
  return Math.min(1, Math.max(0, normalTail(w + Math.log(v / w) / w)))
}

/**
 * t at which the cumulant's slope, the sum of lambda / (1 - 2 lambda t), is q. One over it is nearly straight up to the pole
 * of the greatest lambda, so Newton's steps are taken there; a step that leaves the bracket halves it.
 */
function saddlepoint(lambdas: Float64Array, q: number): number {
  let greatest = 0
  for (const lambda of lambdas) greatest = Math.max(greatest, lambda)
  let [low, high, t] = [-(lambdas.length + 1) / (2 * q), 1 / (2 * greatest), 0]
  for (let step = 0; step < 200 && high - low > 1e-14 * (Math.abs(low) + Math.abs(high)); step++) {
    let [slope, rise] = [0, 0]
    for (const lambda of lambdas) {
      const part = lambda / (1 - 2 * lambda * t)
      slope += part
      rise += 2 * part * part
    }
    const newton = t + (slope * (q - slope)) / (q * rise)
    if (Math.abs(newton - t) <= 1e-14 * Math.abs(newton)) return newton
    if (slope < q) low = t
    else high = t
    t = newton > low && newton < high ? newton : (low + high) / 2
  }
  return t
}

import { choleskyInPlace, logDeterminant, product, solveLower, solveUpper } from '../algebra/cholesky.ts'
import { weightedGram } from '../algebra/products.ts'
import type { SiteCounts } from '../sites.ts'

/** Standard deviations on the logit scale. */
export interface FieldPriors {
  sdField: number
  /** Of independent effects of sites; 0 for none. */
  sdSite: number
}

export interface FieldFit {
  priors: FieldPriors
  /** Intercept and the field's coefficients, by the columns of the rows. */
  coefficients: Float64Array
  /** The Cholesky factor of their posterior precision, site effects integrated out. */
  factor: Float64Array
  logMarginal: number
  /** Fitted logits with site effects. */
  logits: Float64Array
}

/** Of the intercept: 10 on the logit scale is no opinion. */
const interceptPrecision = 0.01
const mostSteps = 50

/** Of a coefficient before anything is seen; the first one is the intercept. */
export const priorPrecision = ({ sdField }: FieldPriors, k: number) => (k === 0 ? interceptPrecision : 1 / sdField ** 2)

/**
 * The mode and the Laplace approximation of logit p_s = b0 + f(s) + u_s with users ~ Binomial(informants, p). Site effects are
 * taken out of each step: with weights W of the working response, W tau / (W + tau) remain, tau = 1 / var u.
 * @param rows sites x width: an intercept and the field's features
 * @param start fitted logits of a like fit, to begin from
 */
export function fitField(
  rows: Float64Array,
  { informants, users }: Pick<SiteCounts, 'informants' | 'users'>,
  priors: FieldPriors,
  start: Float64Array | null,
): FieldFit {
  const sites = informants.length
  const width = rows.length / sites
  const tau = priors.sdSite > 0 ? 1 / priors.sdSite ** 2 : Infinity
  const precision = (k: number) => priorPrecision(priors, k)
  let logits = start?.slice() ?? Float64Array.from(informants, (m, i) => logitOf(users[i]!, m) / 2)
  const [weights, response, fixed] = [new Float64Array(sites), new Float64Array(sites), new Float64Array(sites)]
  const factor = new Float64Array(width * width)
  let coefficients = new Float64Array(width)
  let effects = new Float64Array(sites)
  let objective = -Infinity
  for (let step = 0; step < mostSteps; step++) {
    for (let s = 0; s < sites; s++) {
      const p = 1 / (1 + Math.exp(-logits[s]!))
      const w = Math.max(informants[s]! * p * (1 - p), 1e-9)
      response[s] = logits[s]! + (users[s]! - informants[s]! * p) / w
      weights[s] = tau === Infinity ? w : (w * tau) / (w + tau)
    }
    weightedGram(rows, weights, width, factor)
    for (let k = 0; k < width; k++) factor[k * width + k]! += precision(k)
    choleskyInPlace(factor, width)
    const next = new Float64Array(width)
    for (let s = 0; s < sites; s++) {
      const value = weights[s]! * response[s]!
      for (let k = 0; k < width; k++) next[k]! += value * rows[s * width + k]!
    }
    solveLower(factor, width, next)
    solveUpper(factor, width, next)
    product(rows, next, fixed)
    // W / (W + tau) of what the field leaves, in terms of the weights that remain: W tau / (W + tau) / tau.
    const nextEffects = Float64Array.from(fixed, (value, s) =>
      tau === Infinity ? 0 : (weights[s]! / tau) * (response[s]! - value),
    )
    // A step that makes things worse is halved; from the first one, which has nothing before it, the whole is taken.
    let part = 1
    let moved = 0
    for (;;) {
      const tried = mix(coefficients, next, objective === -Infinity ? 1 : part)
      const triedEffects = mix(effects, nextEffects, objective === -Infinity ? 1 : part)
      product(rows, tried, fixed)
      const triedLogits = fixed.map((value, s) => value + triedEffects[s]!)
      const found = logPosterior(triedLogits, tried, triedEffects)
      if (found >= objective - 1e-9 || part < 1e-3) {
        moved = triedLogits.reduce((most, value, s) => Math.max(most, Math.abs(value - logits[s]!)), 0)
        ;[coefficients, effects, logits, objective] = [tried, triedEffects, triedLogits, found]
        break
      }
      part /= 2
    }
    if (moved < 1e-4) break
  }
  let half = 0
  for (let k = 0; k < width; k++) half += Math.log(precision(k))
  if (tau !== Infinity)
    for (let s = 0; s < sites; s++) {
      const p = 1 / (1 + Math.exp(-logits[s]!))
      half += Math.log(tau) - Math.log(Math.max(informants[s]! * p * (1 - p), 1e-9) + tau)
    }
  const logMarginal = objective + (half - logDeterminant(factor, width)) / 2
  return { priors, coefficients, factor, logMarginal, logits }

  function logPosterior(eta: Float64Array, beta: Float64Array, u: Float64Array): number {
    let sum = 0
    for (let s = 0; s < sites; s++) {
      sum += users[s]! * eta[s]! - informants[s]! * softplus(eta[s]!)
      if (tau !== Infinity) sum -= (tau * u[s]! ** 2) / 2
    }
    for (let k = 0; k < width; k++) sum -= (precision(k) * beta[k]! ** 2) / 2
    return sum
  }
}

const mix = (a: Float64Array, b: Float64Array, part: number) =>
  part === 1 ? b.slice() : a.map((value, i) => value + part * (b[i]! - value))
const softplus = (x: number) => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)))
/** Half an informant on either side, so that nobody and everybody have one. */
const logitOf = (users: number, informants: number) => Math.log((users + 0.5) / (informants - users + 0.5))

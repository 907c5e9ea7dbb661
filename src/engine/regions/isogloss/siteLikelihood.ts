import type { SiteCounts } from '../sites.ts'

/** Logits between which the table lies; beyond them a log-likelihood goes on straight, as it does nearly. */
const reach = 20
const stepsPerLogit = 2
const columns = 2 * reach * stepsPerLogit + 1
/** Of a site's effect to either side, in standard deviations. */
const reachOfEffects = 6
const mostEffects = 160

/**
 * The log-likelihoods of sites as functions of the field's logit f: users ~ Binomial(informants, p), logit p = f + u, effects of sites
 * u ~ N(0, sdSite^2) integrated out, up to a constant. Values and slopes lie in a table at every half logit; between them it is cubic, to a
 * ten-thousandth of an informant.
 */
export class SiteLikelihood {
  /** Value and slope in turn, the slope by the step of the table: sites x columns x 2. */
  readonly #table: Float32Array

  constructor({ informants, users }: Pick<SiteCounts, 'informants' | 'users'>, sdSite: number) {
    this.#table = new Float32Array(informants.length * columns * 2)
    informants.forEach((m, s) => fillRow(this.#table, s * columns * 2, m, users[s]!, sdSite))
  }

  /** Summed over the sites at the logits `centre + cos from + sin to`. */
  onEllipse(centre: Float64Array, from: Float32Array, to: Float32Array, cos: number, sin: number): number {
    const table = this.#table
    let sum = 0
    for (let s = 0; s < centre.length; s++) {
      const position = (centre[s]! + cos * from[s]! + sin * to[s]! + reach) * stepsPerLogit
      const column = Math.max(0, Math.min(columns - 2, Math.floor(position)))
      const [i, t] = [(s * columns + column) * 2, position - column]
      if (t < 0) sum += table[i]! + t * table[i + 1]!
      else if (t > 1) sum += table[i + 2]! + (t - 1) * table[i + 3]!
      else {
        const rest = 1 - t
        sum += rest * rest * ((1 + 2 * t) * table[i]! + t * table[i + 1]!)
        sum += t * t * ((1 + 2 * rest) * table[i + 2]! - rest * table[i + 3]!)
      }
    }
    return sum
  }
}

/** Effects are summed by the trapezoidal rule, in steps that a site of so many informants can tell apart. */
function fillRow(table: Float32Array, from: number, informants: number, users: number, sdSite: number): void {
  const step = Math.min(sdSite / 2, 1.2 / Math.sqrt(informants))
  const half = sdSite > 0 ? Math.min(mostEffects / 2, Math.ceil((reachOfEffects * sdSite) / step)) : 0
  const effects = Array.from({ length: 2 * half + 1 }, (_, k) =>
    half === 0 ? 0 : (reachOfEffects * sdSite * (k - half)) / half,
  )
  const priors = effects.map((u) => (sdSite > 0 ? -((u / sdSite) ** 2) / 2 : 0))
  const parts = new Float64Array(effects.length)
  for (let column = 0; column < columns; column++) {
    const field = column / stepsPerLogit - reach
    let most = -Infinity
    effects.forEach((u, k) => {
      const logit = field + u
      parts[k] = priors[k]! + users * logit - informants * softplus(logit)
      most = Math.max(most, parts[k]!)
    })
    let [sum, slope] = [0, 0]
    effects.forEach((u, k) => {
      const weight = Math.exp(parts[k]! - most)
      sum += weight
      slope += weight * (users - informants / (1 + Math.exp(-field - u)))
    })
    table[from + 2 * column] = most + Math.log(sum / effects.length)
    table[from + 2 * column + 1] = slope / sum / stepsPerLogit
  }
}

const softplus = (x: number) => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)))

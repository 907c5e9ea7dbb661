import { describe, expect, it } from 'vitest'
import { quietContext } from '#engine/context.ts'
import { seededRandom } from '#engine/random.ts'
import { fitField, type FieldPriors } from './fitField.ts'
import { posteriorDraws } from './posteriorDraws.ts'
import { SiteLikelihood } from './siteLikelihood.ts'

/** Two sites that never use a variant and one that always does, an intercept and a feature: few enough to integrate on a grid. */
const rows = Float64Array.of(1, -1, 1, -0.6, 1, 1)
const counts = { informants: Float64Array.of(12, 9, 8), users: Float64Array.of(0, 0, 8) }

/** Of the logit at the first site, over a grid of both coefficients and of a site's effect. */
function slowPosterior({ sdField, sdSite }: FieldPriors) {
  const effects = sdSite > 0 ? Array.from({ length: 41 }, (_, k) => sdSite * (-4 + k / 5)) : [0]
  const likelihoodAt = (site: number, logit: number) =>
    effects.reduce((sum, u) => {
      const p = 1 / (1 + Math.exp(-logit - u))
      const [m, used] = [counts.informants[site]!, counts.users[site]!]
      return sum + p ** used * (1 - p) ** (m - used) * Math.exp(-((u / (sdSite || 1)) ** 2) / 2)
    }, 0)
  let [all, first, second] = [0, 0, 0]
  const beyond = levels.map(() => 0)
  for (let a = -50; a <= 50; a += 0.5)
    for (let b = -50; b <= 50; b += 0.5) {
      const prior = Math.exp(-(0.01 * a * a + (b / sdField) ** 2) / 2)
      const logits = [0, 1, 2].map((s) => a * rows[2 * s]! + b * rows[2 * s + 1]!)
      const weight = logits.reduce((product, logit, s) => product * likelihoodAt(s, logit), prior)
      all += weight
      first += weight * logits[0]!
      second += weight * logits[0]! ** 2
      levels.forEach((level, i) => {
        if (logits[0]! > level) beyond[i]! += weight
      })
    }
  return { mean: first / all, sd: Math.sqrt(second / all - (first / all) ** 2), beyond: beyond.map((b) => b / all) }
}
/** Logits near the line. */
const levels = [-4.1, -2.1, -0.1]

async function drawn(priors: FieldPriors, moves?: number) {
  const count = 8000
  const fit = fitField(rows, counts, priors, null)
  const draws = await posteriorDraws(
    rows,
    new SiteLikelihood(counts, fit.priors.sdSite),
    fit,
    { count, moves, random: seededRandom(1) },
    quietContext,
  )
  const logits = Float64Array.from({ length: count }, (_, i) => draws[2 * i]! - draws[2 * i + 1]!)
  const mean = logits.reduce((sum, value) => sum + value, 0) / count
  return {
    mean,
    sd: Math.sqrt(logits.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count),
    beyond: levels.map((level) => logits.filter((value) => value > level).length / count),
  }
}

describe('posteriorDraws', () => {
  it.each([
    { sdField: 4.6, sdSite: 0 },
    { sdField: 4.6, sdSite: 0.9 },
  ])('are those of the posterior on a grid, where a variant is absent: %o', async (priors) => {
    const slow = slowPosterior(priors)
    const [laplace, usual, long] = [await drawn(priors, 0), await drawn(priors), await drawn(priors, 150)]
    expect(long.mean / slow.mean).toBeCloseTo(1, 1)
    expect(long.sd / slow.sd).toBeCloseTo(1, 1)
    slow.beyond.forEach((share, i) => {
      expect(Math.abs(long.beyond[i]! - share)).toBeLessThan(0.01)
      expect(Math.abs(usual.beyond[i]! - share)).toBeLessThan(0.025)
    })
    // So it would be without a move.
    expect(laplace.beyond[2]).toBeGreaterThan(slow.beyond[2]! + 0.01)
  })

  it('come out the same of the same seed', async () => {
    const fit = fitField(rows, counts, { sdField: 4.6, sdSite: 0.4 }, null)
    const draw = () =>
      posteriorDraws(
        rows,
        new SiteLikelihood(counts, fit.priors.sdSite),
        fit,
        { count: 130, random: seededRandom(3) },
        quietContext,
      )
    expect(await draw()).toEqual(await draw())
  })
})

import { expect, it } from 'vitest'
import { SiteLikelihood } from './siteLikelihood.ts'

/** Up to a constant: the integral over a site's effect in 20,000 steps. */
function slowLog(informants: number, users: number, sdSite: number, field: number): number {
  const steps = sdSite > 0 ? 20_000 : 0
  const logs = Float64Array.from({ length: steps + 1 }, (_, k) => {
    const u = steps === 0 ? 0 : sdSite * (-12 + (24 * k) / steps)
    const p = 1 / (1 + Math.exp(-field - u))
    return users * Math.log(p) + (informants - users) * Math.log1p(-p) - (u / (sdSite || 1)) ** 2 / 2
  })
  const most = Math.max(...logs)
  return most + Math.log(logs.reduce((sum, value) => sum + Math.exp(value - most), 0))
}

it.each([
  [1, 0, 0.9],
  [1, 1, 0],
  [7, 2.5, 0.4],
  [60, 0, 0.9],
  [60, 31, 0.9],
  [300, 299, 0.4],
])('of %f informants with %f users, effects of %f, is the integral over the effects', (informants, users, sdSite) => {
  const likelihood = new SiteLikelihood(
    { informants: Float64Array.of(informants), users: Float64Array.of(users) },
    sdSite,
  )
  const at = (field: number) =>
    likelihood.onEllipse(Float64Array.of(1), Float32Array.of(4), Float32Array.of(2), (field - 1) / 4, 0)
  const fields = [-9.3, -6.4, -3.8, -2.1, -0.2, 0.7, 2.9, 4.6, 6.1]
  const slow = fields.map((field) => slowLog(informants, users, sdSite, field))
  const best = slow.indexOf(Math.max(...slow))
  fields.forEach((field, i) => {
    const expected = slow[i]! - slow[best]!
    // Where a posterior has anything.
    if (expected > -15) expect(Math.abs(at(field) - at(fields[best]!) - expected)).toBeLessThan(0.05)
  })
  // Beyond the table it goes on straight.
  const slope = (from: number) => at(from + 1) - at(from)
  expect(slope(30)).toBeCloseTo(users - informants, 2)
  expect(slope(-40)).toBeCloseTo(users, 2)
})

import { earthRadiusKm } from '#pure/greatCircle.ts'
import type { StageContext } from '#engine/context.ts'
import { SphereIndex } from '#engine/geo/sphereIndex.ts'
import { pause } from '#engine/pause.ts'
import { chordKm, chordSquared } from './chords.ts'
import { total } from './sites.ts'

export interface BandwidthChoice {
  bandwidthKm: number
  /** The criterion by bandwidth, ascending: mean log-likelihood of an informant at a site, by all other sites. */
  curve: { bandwidthKm: number; logLikelihood: number }[]
}

const candidates = 15
/** Informants at the overall shares that every estimate is mixed with, so that a site far from all others costs what it must and no more. */
const priorInformants = 0.5

/**
 * The bandwidth of a kernel surface by leave-one-site-out log-likelihood, over 15 log-spaced values from the median distance
 * of a site to the nearest other one to a third of the extent. Sites are left out, informants never: those of a site would
 * speak for one another.
 * @param users by variant and site; the variants add up to the informants
 */
export async function chooseBandwidth(
  vectors: Float64Array,
  informants: Float64Array,
  users: Float64Array[],
  context: StageContext,
): Promise<BandwidthChoice> {
  const bandwidthsKm = candidateBandwidthsKm(vectors)
  const everyone = total(informants)
  const overall = users.map((values) => total(values) / everyone)
  const sites = informants.length
  const factors = bandwidthsKm.map((km) => -(earthRadiusKm ** 2) / (2 * km ** 2))
  const logLikelihoods = new Float64Array(bandwidthsKm.length)
  const weights = new Float64Array(bandwidthsKm.length)
  const sums = users.map(() => new Float64Array(bandwidthsKm.length))
  for (let i = 0; i < sites; i++) {
    if (i % 50 === 0) {
      await pause(context)
      context.report({ done: i, total: sites, unit: 'steps', title: 'Bandwidth' })
    }
    weights.fill(priorInformants)
    sums.forEach((values, v) => values.fill(priorInformants * overall[v]!))
    for (let j = 0; j < sites; j++) {
      if (j === i) continue
      const squared = chordSquared(vectors, i, vectors, j)
      // From the widest on: once one is nothing, so are all narrower ones.
      for (let h = factors.length - 1; h >= 0; h--) {
        const exponent = factors[h]! * squared
        if (exponent < -20) break
        const kernel = Math.exp(exponent)
        weights[h]! += kernel * informants[j]!
        for (let v = 0; v < users.length; v++) sums[v]![h]! += kernel * users[v]![j]!
      }
    }
    for (let h = 0; h < factors.length; h++) {
      for (let v = 0; v < users.length; v++)
        if (users[v]![i]! > 0) logLikelihoods[h]! += users[v]![i]! * Math.log(sums[v]![h]! / weights[h]!)
    }
  }
  const curve = bandwidthsKm.map((bandwidthKm, h) => ({ bandwidthKm, logLikelihood: logLikelihoods[h]! / everyone }))
  const best = curve.reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a))
  return { bandwidthKm: best.bandwidthKm, curve }
}

function candidateBandwidthsKm(vectors: Float64Array): number[] {
  const index = SphereIndex.build(vectors)
  const nearest = new Int32Array(index.size)
  index.nearestOthers(Infinity, nearest)
  const nearestKm = Float64Array.from(nearest, (other, site) =>
    other < 0 ? 0 : chordKm(vectors, site, vectors, other),
  ).sort()
  const extent = extentKm(vectors)
  const lowest = Math.min(Math.max(nearestKm[nearestKm.length >> 1]!, extent / 1000), extent / 6)
  return Array.from({ length: candidates }, (_, k) => lowest * (extent / 3 / lowest) ** (k / (candidates - 1)))
}

/** The greatest chord from the place that is farthest from the first one: at least 0.86 of the greatest between any two. */
export function extentKm(vectors: Float64Array): number {
  const farthestFrom = (from: number) => {
    let farthest = from
    for (let i = 0; i < vectors.length / 3; i++)
      if (chordSquared(vectors, from, vectors, i) > chordSquared(vectors, from, vectors, farthest)) farthest = i
    return farthest
  }
  const end = farthestFrom(0)
  return Math.max(1, chordKm(vectors, end, vectors, farthestFrom(end)))
}

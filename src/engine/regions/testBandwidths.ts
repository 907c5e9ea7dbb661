import { chordKm } from './chords.ts'

/** Where an area is wider, a quarter of a quarter of the median distance is still a country. */
const wideKm = 5000

/**
 * Bandwidths at which geography is looked for: the median distance h between two informants, h/4, h/16, and h/64 where
 * places lie over 5,000 km apart. The median is weighted by both sites' informants, over pairs of sites.
 * @param vectors unit vectors of at least two places
 */
export function testBandwidthsKm(vectors: Float64Array, informants: Float64Array): number[] {
  const { medianKm, extentKm } = distances(vectors, informants)
  return [1, 4, 16, ...(extentKm > wideKm ? [64] : [])].map((part) => medianKm / part)
}

/** Of pairs of sites: the weighted median of their chords and the greatest one. Few hundred sites, evenly taken, say it. */
function distances(vectors: Float64Array, informants: Float64Array): { medianKm: number; extentKm: number } {
  const sites = informants.length
  const step = Math.max(1, sites / 500)
  const chosen: number[] = []
  for (let at = 0; at < sites; at += step) chosen.push(Math.floor(at))
  const pairs: { km: number; weight: number }[] = []
  for (let a = 1; a < chosen.length; a++) {
    for (let b = 0; b < a; b++) {
      const [i, j] = [chosen[a]!, chosen[b]!]
      pairs.push({ km: chordKm(vectors, i, vectors, j), weight: informants[i]! * informants[j]! })
    }
  }
  pairs.sort((a, b) => a.km - b.km)
  const half = pairs.reduce((sum, { weight }) => sum + weight, 0) / 2
  let passed = 0
  const median = pairs.find(({ weight }) => (passed += weight) >= half)!
  return { medianKm: median.km, extentKm: pairs.at(-1)!.km }
}

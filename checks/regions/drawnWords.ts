import type { RankedCorpus } from '#engine/explorer/ranking/testUnits.ts'
import type { UnitUsers } from '#engine/explorer/ranking/unitUsers.ts'
import type { Random } from '#engine/random.ts'

/** Informants at sites that cities draw, log lengths normal. */
export function drawInformants(random: Random, informants: number): { corpus: RankedCorpus; lengths: Float64Array } {
  const sites = Math.max(20, Math.round(informants / 5))
  const cities = Array.from({ length: 12 }, () => [36 + 12 * random.next(), 20 * random.next()] as const)
  const lat = new Float64Array(sites)
  const lon = new Float64Array(sites)
  for (let site = 0; site < sites; site++) {
    const city = cities[random.below(cities.length)]!
    lat[site] = city[0] + 1.2 * random.normal()
    lon[site] = city[1] + 1.6 * random.normal()
  }
  const siteOf = Int32Array.from({ length: informants }, () => random.below(sites)).sort()
  const lengths = Float64Array.from({ length: informants }, () => 5 + Math.round(Math.exp(5 + random.normal())))
  return { corpus: { sites: { lat, lon }, siteOf, isSurvey: false }, lengths }
}

export function usersFrom(lists: Int32Array[], lengths: Float64Array): UnitUsers {
  const starts = new Float64Array(lists.length + 1)
  lists.forEach((list, unit) => (starts[unit + 1] = starts[unit]! + list.length))
  const informants = new Int32Array(starts.at(-1)!)
  lists.forEach((list, unit) => informants.set(list, starts[unit]))
  return { names: lists.map((_, unit) => `w${unit}`), starts, informants, lengths }
}

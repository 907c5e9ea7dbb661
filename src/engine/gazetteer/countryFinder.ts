import type { Points } from '#engine/geo/points.ts'
import { cityFinder } from './nearestCity.ts'
import { loadGazetteer } from './gazetteer.ts'

/** Inhabitants of the smallest settlements by which it is told where a place is. */
export const leastSettlement = 500

/**
 * What finds the country (ISO 3166 code) of each place: that of the nearest settlement of at least 500 inhabitants, whatever a
 * label near it is called.
 * @throws EngineError 'gazetteer/missing'
 */
export async function countryFinder(): Promise<(points: Points) => string[]> {
  const gazetteer = await loadGazetteer(leastSettlement)
  const find = cityFinder(gazetteer)
  return (points) => Array.from(find(points), (city) => gazetteer.countries[city]!)
}

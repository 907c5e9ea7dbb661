import type { HanCitiesSettings } from '#protocol/labels/hanCities.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import { cityNames } from '#engine/gazetteer/cityNames.ts'
import { loadGazetteer, type Gazetteer } from '#engine/gazetteer/gazetteer.ts'
import { inPieces } from '#engine/geo/inPieces.ts'
import type { Points } from '#engine/geo/points.ts'
import { SphereIndex } from '#engine/geo/sphereIndex.ts'
import { take } from '#engine/geo/take.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import { describeLabels, withReassigned } from './fittedLabelSet.ts'
import { labelCentres } from './labelCentres.ts'
import type { LabelScheme } from './scheme.ts'

/** Labels are cities: each document belongs to the nearest one that was not joined to a larger one. */
export const hanCitiesScheme: LabelScheme<HanCitiesSettings> = {
  version: 1,
  assign: () => 'nearest-city',
  async fit(settings, train, context) {
    const gazetteer = await loadGazetteer(settings.minPopulation)
    const cities = largestCities(gazetteer, settings.joinKm)
    const index = SphereIndex.build(unitVectors(placesAt(gazetteer, cities)))
    const nearest = await inPieces(train, (points) => index.nearest(unitVectors(points)), 'Assigning places', context)
    // Cities without a training document are no labels.
    const used = [...new Set(nearest)].sort((a, b) => a - b)
    const labelOf = new Int32Array(cities.length).fill(-1)
    used.forEach((city, label) => (labelOf[city] = label))
    const trainLabels = nearest.map((city) => labelOf[city]!)
    const cityOfLabel = Int32Array.from(used, (city) => cities[city]!)
    const centres = await labelCentres(train, trainLabels, used.length, context)
    const rule = {
      kind: 'nearest-site',
      sites: placesAt(gazetteer, cityOfLabel),
      labelOfSite: Int32Array.from(used.keys()),
    } as const
    const described = describeLabels(centres, cityNames(gazetteer, cityOfLabel), cityOfLabel, gazetteer)
    return withReassigned({ settings, ...described, trainLabels, reassigned: null, rule }, train, context)
  },
}

const placesAt = ({ lat, lon }: Gazetteer, cities: Int32Array): Points => ({
  lat: take(lat, cities),
  lon: take(lon, cities),
})

/**
 * The cities that stay when each one within a distance of a larger one of the same country is joined to it, the largest first;
 * of equal ones the lower id. Indices into the gazetteer, ascending.
 */
export function largestCities(gazetteer: Gazetteer, joinKm: number): Int32Array {
  const { population, id, lat, lon, countries } = gazetteer
  const ranked = Int32Array.from(id.keys()).sort((a, b) => population[b]! - population[a]! || id[a]! - id[b]!)
  const kept = new Map<string, number[]>()
  for (const city of ranked) {
    const larger = kept.get(countries[city]!) ?? []
    if (larger.some((other) => haversineKm(lat[city]!, lon[city]!, lat[other]!, lon[other]!) < joinKm)) continue
    kept.set(countries[city]!, [...larger, city])
  }
  return Int32Array.from([...kept.values()].flat()).sort()
}

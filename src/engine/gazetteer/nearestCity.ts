import { EngineError } from '#protocol/errors.ts'
import { take } from '#engine/geo/take.ts'
import type { Points } from '#engine/geo/points.ts'
import { SphereIndex } from '#engine/geo/sphereIndex.ts'
import { unitVectors } from '#engine/geo/unitVectors.ts'
import type { Gazetteer } from './gazetteer.ts'

/** For each point the nearest city, as `cityFinder` finds it. Many points are found piece by piece: see inPieces. */
export function nearestCity(gazetteer: Gazetteer, points: Points): Int32Array {
  return cityFinder(gazetteer)(points)
}

/**
 * What finds for each point the nearest city, as an index into the gazetteer. Of cities equally far (to the millimetre)
 * the one of larger population is taken, then the one of lower id.
 * @throws EngineError 'gazetteer/no-city' when the gazetteer is empty
 */
export function cityFinder(gazetteer: Gazetteer): (points: Points) => Int32Array {
  const { population, id } = gazetteer
  if (id.length === 0) {
    throw new EngineError(
      'gazetteer/no-city',
      'No city has as many inhabitants as asked for, expected at least one. Lower minPopulation (the default is 15000).',
    )
  }
  // The index gives ties to the lower position, so positions are by rank.
  const ranked = Int32Array.from(id.keys()).sort((a, b) => population[b]! - population[a]! || id[a]! - id[b]!)
  const places = { lat: take(gazetteer.lat, ranked), lon: take(gazetteer.lon, ranked) }
  const index = SphereIndex.build(unitVectors(places))
  return (points) => {
    const cities = index.nearest(unitVectors(points))
    for (let i = 0; i < cities.length; i++) cities[i] = ranked[cities[i]!]!
    return cities
  }
}

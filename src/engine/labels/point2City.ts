import type { Point2CitySettings } from '#protocol/labels/point2City.ts'
import type { StageContext } from '#engine/context.ts'
import { distinctPlaces, type DistinctPlaces } from '#engine/geo/distinctPlaces.ts'
import type { Points } from '#engine/geo/points.ts'
import { placesOf, unitVectors } from '#engine/geo/unitVectors.ts'
import { clusterPlaces } from './clusterPlaces.ts'
import type { Gazetteer } from '#engine/gazetteer/gazetteer.ts'
import { nearestCity } from '#engine/gazetteer/nearestCity.ts'

export interface Point2City {
  /** Cluster centroids, by the clusters' southernmost places (ties: westernmost). */
  centroids: Points
  /** The label of each cluster: clusters nearest to the same city share one. */
  labelOfCluster: Int32Array
  /** Position in the gazetteer of each label's city; labels are numbered as the clusters meet them. */
  cityOfLabel: Int32Array
  clusterOfPoint: Int32Array
}

/** Where Point2City starts, whatever its radius. */
export interface StartingPlaces extends DistinctPlaces {
  /** Unit vectors of the places, x,y,z interleaved. */
  vectors: Float64Array
}

export async function startingPlaces(points: Points, context: StageContext): Promise<StartingPlaces> {
  const distinct = await distinctPlaces(points, context)
  return { ...distinct, vectors: unitVectors(distinct.places) }
}

/**
 * Point2City of Fornaciari & Hovy 2019, section 3, made deterministic: places nearer than `radiusKm` are joined
 * until no two centroids are (see clusterPlaces), then each cluster is named after the gazetteer's city nearest to
 * its centroid. The labels do not depend on the order of the points.
 * @param gazetteer cities of at least `minPopulation` inhabitants
 * @throws EngineError 'gazetteer/no-city' when there are none
 */
export async function point2City(
  points: Points,
  settings: Pick<Point2CitySettings, 'radiusKm' | 'merge'>,
  gazetteer: Gazetteer,
  context: StageContext,
): Promise<Point2City> {
  return citiesOfPlaces(await startingPlaces(points, context), settings, gazetteer, context)
}

/**
 * Point2City from its starting places on.
 * @param firstNeighbours see clusterPlaces
 */
export async function citiesOfPlaces(
  { vectors: places, weights, placeOf }: StartingPlaces,
  { radiusKm, merge }: Pick<Point2CitySettings, 'radiusKm' | 'merge'>,
  gazetteer: Gazetteer,
  context: StageContext,
  firstNeighbours?: Int32Array,
): Promise<Point2City> {
  const { vectors, clusterOf } = await clusterPlaces(places, weights, radiusKm, merge, context, firstNeighbours)
  const centroids = placesOf(vectors)
  const labelOfCity = new Map<number, number>()
  const labelOfCluster = nearestCity(gazetteer, centroids).map((city) => {
    const label = labelOfCity.get(city) ?? labelOfCity.size
    labelOfCity.set(city, label)
    return label
  })
  const clusterOfPoint = new Int32Array(placeOf.length)
  for (let i = 0; i < placeOf.length; i++) clusterOfPoint[i] = clusterOf[placeOf[i]!]!
  return { centroids, labelOfCluster, cityOfLabel: Int32Array.from(labelOfCity.keys()), clusterOfPoint }
}

import type { KdTreeSettings } from '#protocol/labels/kdTree.ts'
import type { Point2CitySettings } from '#protocol/labels/point2City.ts'
import type { Granularity, LabelSetSummary } from '#protocol/labelSets.ts'
import type { StageContext } from '#engine/context.ts'
import { arcMillimetres, toMillimetres } from '#engine/geo/arcMillimetres.ts'
import type { Points } from '#engine/geo/points.ts'
import { pause } from '#engine/pause.ts'
import { neighboursWithin } from './clusterPlaces.ts'
import { coarserKdTree } from './coarserKdTree.ts'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'
import { buildKdTree } from './kdTree.ts'
import { checkPoints } from './checkPoints.ts'
import type { FittedLabelSet } from './fittedLabelSet.ts'
import { labelSetOfCells } from './kdTreeScheme.ts'
import { labelSetOfCities } from './point2CityScheme.ts'
import { describeLabelSet } from './labelStatistics.ts'
import { citiesOfPlaces, startingPlaces, type StartingPlaces } from './point2City.ts'

export interface SweepSettings {
  /** What the swept schemes have in common; their bucket and radius are not used. */
  kd: KdTreeSettings
  p2c: Point2CitySettings
  /** Ascending. */
  buckets: number[]
  /** Ascending. */
  radiiKm: number[]
}

type Folds = { train: Points; dev: Points | null; test: Points | null }

/**
 * The label sets of several buckets and radii in figures, equal to what fitting each by itself gives, in one pass: every
 * k-d tree is cut from the finest one, and every Point2City shares the places and the search for their first neighbours,
 * since the nearest place within a small radius is the nearest one within a large.
 * @throws EngineError as fitLabelSet
 */
export async function sweepGranularity(
  folds: Folds,
  { kd, p2c, buckets, radiiKm }: SweepSettings,
  context: StageContext,
): Promise<Granularity[]> {
  checkPoints(folds.train)
  const total = buckets.length + radiiKm.length
  const rows: Granularity[] = []
  const inner = { ...context, report: () => undefined }
  const add = async (settings: SweptSettings, set: FittedLabelSet) => {
    rows.push(granularityOf(settings, await describeLabelSet(set, '', folds, inner)))
    context.report({ done: rows.length, total, unit: 'steps', title: titleOf(settings) })
    await pause(context)
  }
  if (buckets.length > 0) {
    const finest = await buildKdTree(folds.train, buckets[0]!, context)
    for (const bucket of buckets) {
      const { tree, cellOfCell } = coarserKdTree(finest, bucket)
      const settings = { ...kd, bucket }
      const cellOfPoint = throughMap(finest.cellOfPoint, cellOfCell)
      await add(settings, await labelSetOfCells(settings, { tree, cellOfPoint }, folds.train, inner))
    }
  }
  if (radiiKm.length > 0) {
    const gazetteer = await loadGazetteer(p2c.minPopulation)
    const places = await startingPlaces(folds.train, context)
    const neighbours = await firstNeighbours(places, radiiKm.at(-1)!, context)
    for (const radiusKm of radiiKm) {
      const settings = { ...p2c, radiusKm }
      const clusters = await citiesOfPlaces(places, settings, gazetteer, inner, neighbours(radiusKm))
      await add(settings, await labelSetOfCities(settings, clusters, gazetteer, folds.train, inner))
    }
  }
  return rows
}

/** Schemes whose sizes are swept. */
type SweptSettings = KdTreeSettings | Point2CitySettings

const titleOf = (settings: SweptSettings) =>
  settings.method === 'kd-tree' ? `k-d tree, bucket ${settings.bucket}` : `Point2City, ${settings.radiusKm} km`

function granularityOf(settings: SweptSettings, summary: Omit<LabelSetSummary, 'id' | 'assignments'>): Granularity {
  const { labelCount, meanToCentreKm, medianToCentreKm, centreToCityKm, oracle } = summary
  const figures = { labelCount, meanToCentreKm, medianToCentreKm, centreToCityKm, oracle }
  return settings.method === 'kd-tree'
    ? { method: settings.method, bucket: settings.bucket, ...figures }
    : { method: settings.method, radiusKm: settings.radiusKm, ...figures }
}

/** The first neighbours of places within any radius up to the largest, from one search. */
async function firstNeighbours(
  { vectors }: StartingPlaces,
  largestKm: number,
  context: StageContext,
): Promise<(radiusKm: number) => Int32Array> {
  const nearest = await neighboursWithin(vectors, largestKm, 'Neighbours of places', context)
  const millimetres = new Float64Array(nearest.length)
  for (let i = 0; i < nearest.length; i++) {
    const [a, b] = [3 * i, 3 * nearest[i]!]
    millimetres[i] =
      b < 0
        ? Infinity
        : arcMillimetres(vectors[a]!, vectors[a + 1]!, vectors[a + 2]!, vectors[b]!, vectors[b + 1]!, vectors[b + 2]!)
    if (i % 200_000 === 199_999) await pause(context)
  }
  return (radiusKm) => {
    const radius = toMillimetres(radiusKm)
    const within = nearest.slice()
    for (let i = 0; i < within.length; i++) if (millimetres[i]! >= radius) within[i] = -1
    return within
  }
}

function throughMap(values: Int32Array, map: Int32Array): Int32Array {
  const mapped = new Int32Array(values.length)
  for (let i = 0; i < values.length; i++) mapped[i] = map[values[i]!]!
  return mapped
}

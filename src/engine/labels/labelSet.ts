import { EngineError } from '#protocol/errors.ts'
import type { KdTreeSettings, LabelSettings, Point2CitySettings } from '#protocol/experiment.ts'
import type { LabelRow } from '#protocol/results.ts'
import type { StageContext } from '#engine/context.ts'
import { gathered } from '#engine/geo/gathered.ts'
import { inPieces } from '#engine/geo/inPieces.ts'
import type { Points } from '#engine/geo/points.ts'
import { assembleLabelSet, type LabelSet, type LabelSetParts } from './assembleLabelSet.ts'
import { cityNames } from './cityNames.ts'
import { loadGazetteer, type Gazetteer } from './gazetteer.ts'
import { buildKdTree, type BuiltKdTree } from './kdTree.ts'
import { labelCentres, type LabelCentres } from './labelCentres.ts'
import { nearestCity } from './nearestCity.ts'
import { point2City, type Point2City } from './point2City.ts'

export type { LabelSet } from './assembleLabelSet.ts'
export { loadDocumentLabels, loadLabelSet, saveLabelSet } from './labelSetFiles.ts'

/** A label set fresh from its training points. */
export interface FittedLabelSet extends LabelSet {
  /** What `assign` gives for each training point; where that is always its own label, `trainLabels` itself. */
  trainAssigned: Int32Array
}

/** k-d cells are named after a city of the size that Point2City uses by default. */
const kdCityPopulation = 15_000

/**
 * Labels from training points alone. One label is a legitimate result: `labels.length` tells.
 * @throws EngineError 'labels/no-points', 'labels/bad-point', 'gazetteer/missing', 'gazetteer/no-city'
 */
export async function fitLabelSet(settings: LabelSettings, train: Points, context: StageContext): Promise<FittedLabelSet> {
  checkPoints(train)
  switch (settings.method) {
    case 'kd-tree':
      return labelSetOfCells(settings, await buildKdTree(train, settings.bucket, context), train, context)
    case 'point2city': {
      const gazetteer = await loadGazetteer(settings.minPopulation)
      return labelSetOfCities(settings, await point2City(train, settings, gazetteer, context), gazetteer, train, context)
    }
  }
  settings satisfies never
}

/** The label set of a k-d tree of the training points. */
export async function labelSetOfCells(
  settings: KdTreeSettings,
  { tree, cellOfPoint: trainLabels }: Pick<BuiltKdTree, 'tree' | 'cellOfPoint'>,
  train: Points,
  context: StageContext,
): Promise<FittedLabelSet> {
  const gazetteer = await loadGazetteer(kdCityPopulation)
  const centres = await labelCentres(train, trainLabels, tree.cells, context)
  const cityOfLabel = nearestCity(gazetteer, centres.median)
  const names = Array.from(cityOfLabel, (city, label) => `k-d ${label} · ${gazetteer.names[city]}`)
  const parts = { settings, ...describe(centres, names, cityOfLabel, gazetteer), trainLabels, reassigned: null }
  if (settings.assign === 'cell') {
    return { ...assembleLabelSet({ ...parts, rule: { kind: 'cells', tree } }), trainAssigned: trainLabels }
  }
  const labelOfSite = Int32Array.from(names.keys())
  return withReassigned({ ...parts, rule: { kind: 'nearest-site', sites: centres.median, labelOfSite } }, train, context)
}

/** The label set of Point2City's clusters of the training points. */
export async function labelSetOfCities(
  settings: Point2CitySettings,
  { centroids, labelOfCluster, cityOfLabel, clusterOfPoint }: Point2City,
  gazetteer: Gazetteer,
  train: Points,
  context: StageContext,
): Promise<FittedLabelSet> {
  const trainLabels = new Int32Array(clusterOfPoint.length)
  for (let i = 0; i < trainLabels.length; i++) trainLabels[i] = labelOfCluster[clusterOfPoint[i]!]!
  const centres = await labelCentres(train, trainLabels, cityOfLabel.length, context)
  const parts = { settings, ...describe(centres, cityNames(gazetteer, cityOfLabel), cityOfLabel, gazetteer), trainLabels }
  const rule = { kind: 'nearest-site', sites: centroids, labelOfSite: labelOfCluster } as const
  return withReassigned({ ...parts, reassigned: null, rule }, train, context)
}

function describe(
  { median, mean, documents }: LabelCentres,
  names: string[],
  cityOfLabel: Int32Array,
  gazetteer: Gazetteer,
): { labels: LabelRow[]; cities: Points } {
  const labels = names.map((name, index): LabelRow => {
    const city = cityOfLabel[index]!
    return {
      index,
      name,
      city: gazetteer.names[city]!,
      country: gazetteer.countries[city]!,
      documents: documents[index]!,
      lat: median.lat[index]!,
      lon: median.lon[index]!,
      meanLat: mean.lat[index]!,
      meanLon: mean.lon[index]!,
    }
  })
  return { labels, cities: { lat: gathered(gazetteer.lat, cityOfLabel), lon: gathered(gazetteer.lon, cityOfLabel) } }
}

async function withReassigned(parts: LabelSetParts, train: Points, context: StageContext): Promise<FittedLabelSet> {
  const set = assembleLabelSet(parts)
  const trainAssigned = await inPieces(train, set.assign, 'Assigning places', context)
  let others = 0
  for (let i = 0; i < trainAssigned.length; i++) if (trainAssigned[i] !== parts.trainLabels[i]) others++
  return { ...set, trainAssigned, reassigned: others / trainAssigned.length }
}

/** @throws EngineError 'labels/no-points', 'labels/bad-point' */
export function checkPoints({ lat, lon }: Points): void {
  if (lat.length === 0) {
    throw new EngineError(
      'labels/no-points',
      'The training fold holds no document with coordinates, expected at least one. Check the corpus and its split.',
    )
  }
  for (let i = 0; i < lat.length; i++) {
    if (Math.abs(lat[i]!) <= 90 && Math.abs(lon[i]!) <= 180) continue
    throw new EngineError(
      'labels/bad-point',
      `Training point ${i} lies at latitude ${lat[i]}, longitude ${lon[i]}; expected -90 to 90 and -180 to 180. Import the corpus again.`,
      { point: i, lat: lat[i], lon: lon[i] },
    )
  }
}

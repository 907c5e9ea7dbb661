import { setImmediate } from 'node:timers/promises'
import { EngineError } from '#protocol/errors.ts'
import type { KdTreeSettings, LabelSettings, Point2CitySettings } from '#protocol/experiment.ts'
import type { LabelRow } from '#protocol/results.ts'
import type { StageContext } from '#engine/context.ts'
import type { Points } from '#engine/geo/points.ts'
import { assembleLabelSet, type LabelSet, type LabelSetParts } from './assembleLabelSet.ts'
import { cityNames } from './cityNames.ts'
import { loadGazetteer, type Gazetteer } from './gazetteer.ts'
import { buildKdTree } from './kdTree.ts'
import { labelCentres } from './labelCentres.ts'
import { nearestCity } from './nearestCity.ts'
import { point2City } from './point2City.ts'
import type { TerritoryRule } from './territories.ts'

export type { LabelSet } from './assembleLabelSet.ts'
export { loadLabelSet, saveLabelSet } from './labelSetFiles.ts'

/** k-d cells are named after a city of the size that Point2City uses by default. */
const kdCityPopulation = 15_000

/** Points that are assigned between two pauses: some tens of milliseconds. */
const chunk = 20_000

/**
 * Labels from training points alone. One label is a legitimate result: `labels.length` tells.
 * @throws EngineError 'labels/no-points', 'labels/bad-point', 'gazetteer/missing', 'gazetteer/no-city'
 */
export async function fitLabelSet(settings: LabelSettings, train: Points, context: StageContext): Promise<LabelSet> {
  checkPoints(train)
  switch (settings.method) {
    case 'kd-tree':
      return fitKdTree(settings, train, context)
    case 'point2city':
      return fitPoint2City(settings, train, context)
  }
  settings satisfies never
}

async function fitKdTree(settings: KdTreeSettings, train: Points, context: StageContext): Promise<LabelSet> {
  const { tree, cellOfPoint: trainLabels } = await buildKdTree(train, settings.bucket, context)
  const gazetteer = await loadGazetteer(kdCityPopulation)
  const centres = labelCentres(train, trainLabels, tree.cells)
  const cityOfLabel = nearestCity(gazetteer, centres.median)
  const names = Array.from(cityOfLabel, (city, label) => `k-d ${label} · ${gazetteer.names[city]}`)
  const parts = { settings, ...describe(centres, names, cityOfLabel, gazetteer), trainLabels }
  if (settings.assign === 'cell') return assembleLabelSet({ ...parts, reassigned: null, rule: { kind: 'cells', tree } })
  const labelOfSite = Int32Array.from(names.keys())
  const rule: TerritoryRule = { kind: 'nearest-site', sites: centres.median, labelOfSite }
  return withReassigned({ ...parts, reassigned: null, rule }, train, context)
}

async function fitPoint2City(settings: Point2CitySettings, train: Points, context: StageContext): Promise<LabelSet> {
  const gazetteer = await loadGazetteer(settings.minPopulation)
  if (gazetteer.id.length === 0) {
    throw new EngineError(
      'gazetteer/no-city',
      `No city has ${settings.minPopulation} inhabitants or more, expected at least one to name labels after. Lower minPopulation (the default is 15000).`,
      { minPopulation: settings.minPopulation },
    )
  }
  const { centroids, labelOfCluster, cityOfLabel, clusterOfPoint } = await point2City(train, settings, gazetteer, context)
  const trainLabels = clusterOfPoint.map((cluster) => labelOfCluster[cluster]!)
  const centres = labelCentres(train, trainLabels, cityOfLabel.length)
  const parts = { settings, ...describe(centres, cityNames(gazetteer, cityOfLabel), cityOfLabel, gazetteer), trainLabels }
  const rule: TerritoryRule = { kind: 'nearest-site', sites: centroids, labelOfSite: labelOfCluster }
  return withReassigned({ ...parts, reassigned: null, rule }, train, context)
}

function describe(
  { median, mean, documents }: ReturnType<typeof labelCentres>,
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
  const cities = {
    lat: Float64Array.from(cityOfLabel, (city) => gazetteer.lat[city]!),
    lon: Float64Array.from(cityOfLabel, (city) => gazetteer.lon[city]!),
  }
  return { labels, cities }
}

async function withReassigned(parts: LabelSetParts, train: Points, context: StageContext): Promise<LabelSet> {
  const set = assembleLabelSet(parts)
  const total = train.lat.length
  let others = 0
  for (let from = 0; from < total; from += chunk) {
    const to = Math.min(from + chunk, total)
    const assigned = set.assign({ lat: train.lat.subarray(from, to), lon: train.lon.subarray(from, to) })
    for (let i = from; i < to; i++) if (assigned[i - from] !== parts.trainLabels[i]) others++
    context.report({ done: to, total, unit: 'points', title: 'Assigning places' })
    await setImmediate()
    context.signal.throwIfAborted()
  }
  return { ...set, reassigned: others / total }
}

function checkPoints({ lat, lon }: Points): void {
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

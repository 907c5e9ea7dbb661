import type { Point2CitySettings } from '#protocol/labels/point2City.ts'
import type { StageContext } from '#engine/context.ts'
import type { Points } from '#engine/geo/points.ts'
import { cityNames } from '#engine/gazetteer/cityNames.ts'
import { describeLabels, withReassigned, type FittedLabelSet } from './fittedLabelSet.ts'
import { loadGazetteer, type Gazetteer } from '#engine/gazetteer/gazetteer.ts'
import { labelCentres } from './labelCentres.ts'
import { point2City, type Point2City } from './point2City.ts'
import { matchingRadiusKm } from './matchingRadius.ts'
import type { LabelScheme } from './scheme.ts'

export const point2CityScheme: LabelScheme<Point2CitySettings> = {
  version: 2,
  assign: () => 'nearest-centroid',
  match: async (settings, train, labelCount, context) => ({
    ...settings,
    radiusKm: await matchingRadiusKm(settings, train, labelCount, context),
  }),
  async fit(settings, train, context) {
    const gazetteer = await loadGazetteer(settings.minPopulation)
    return labelSetOfCities(settings, await point2City(train, settings, gazetteer, context), gazetteer, train, context)
  },
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
  const parts = {
    settings,
    ...describeLabels(centres, cityNames(gazetteer, cityOfLabel), cityOfLabel, gazetteer),
    trainLabels,
  }
  const rule = { kind: 'nearest-site', sites: centroids, labelOfSite: labelOfCluster } as const
  return withReassigned({ ...parts, reassigned: null, rule }, train, context)
}

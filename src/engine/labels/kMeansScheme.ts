import type { KMeansSettings } from '#protocol/labels/kMeans.ts'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'
import { nearestCity } from '#engine/gazetteer/nearestCity.ts'
import { describeLabels, withReassigned } from './fittedLabelSet.ts'
import { kMeans } from './kMeans.ts'
import { labelCentres } from './labelCentres.ts'
import type { LabelScheme } from './scheme.ts'

/** Clusters are named after a city of the size that Point2City uses by default. */
const cityPopulation = 15_000

export const kMeansScheme: LabelScheme<KMeansSettings> = {
  version: 2,
  assign: () => 'nearest-centroid',
  async fit(settings, train, context) {
    const gazetteer = await loadGazetteer(cityPopulation)
    const { centres: sites, clusterOfPoint: trainLabels } = await kMeans(train, settings, context)
    const labelOfSite = Int32Array.from(sites.lat.keys())
    const centres = await labelCentres(train, trainLabels, labelOfSite.length, context)
    const cityOfLabel = nearestCity(gazetteer, centres.median)
    const names = Array.from(cityOfLabel, (city, label) => `k-means ${label} · ${gazetteer.names[city]}`)
    const parts = { settings, ...describeLabels(centres, names, cityOfLabel, gazetteer), trainLabels, reassigned: null }
    return withReassigned({ ...parts, rule: { kind: 'nearest-site', sites, labelOfSite } }, train, context)
  },
}

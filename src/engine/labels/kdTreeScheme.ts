import type { KdTreeSettings } from '#protocol/labels/kdTree.ts'
import type { StageContext } from '#engine/context.ts'
import type { Points } from '#engine/geo/points.ts'
import { assembleLabelSet } from './assembleLabelSet.ts'
import { describeLabels, withReassigned, type FittedLabelSet } from './fittedLabelSet.ts'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'
import { buildKdTree, type BuiltKdTree } from './kdTree.ts'
import { labelCentres } from './labelCentres.ts'
import { matchingBucket } from './matchingBucket.ts'
import { nearestCity } from '#engine/gazetteer/nearestCity.ts'
import type { LabelScheme } from './scheme.ts'

export const kdTreeScheme: LabelScheme<KdTreeSettings> = {
  version: 1,
  assign: ({ assign }) => assign,
  match: async (settings, train, labelCount, context) => ({
    ...settings,
    bucket: await matchingBucket(train, labelCount, context),
  }),
  fit: async (settings, train, context) =>
    labelSetOfCells(settings, await buildKdTree(train, settings.bucket, context), train, context),
}

/** k-d cells are named after a city of the size that Point2City uses by default. */
const kdCityPopulation = 15_000

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
  const parts = { settings, ...describeLabels(centres, names, cityOfLabel, gazetteer), trainLabels, reassigned: null }
  if (settings.assign === 'cell') {
    return { ...assembleLabelSet({ ...parts, rule: { kind: 'cells', tree } }), trainAssigned: trainLabels }
  }
  const labelOfSite = Int32Array.from(names.keys())
  return withReassigned(
    { ...parts, rule: { kind: 'nearest-site', sites: centres.median, labelOfSite } },
    train,
    context,
  )
}

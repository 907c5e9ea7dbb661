import type { LabelSize, SizedLabels } from '#protocol/labelSets.ts'
import type { StageContext } from '#engine/context.ts'
import { pointsOfFolds } from '#engine/corpus/corpusFolds.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { fitLabelSet } from '#engine/labels/fitLabelSet.ts'
import { describeLabelSet } from '#engine/labels/labelStatistics.ts'
import { territoriesGeoJson } from '#engine/labels/territoriesGeoJson.ts'
import { labelMapOf } from './labelMap.ts'
import type { StoredExperiment } from './storedExperiment.ts'
import { sweptScheme } from './sweepExperiment.ts'

/**
 * The label set of one size as a map draws it, of the experiment's corpus, which must be there. All else is as in a sweep; nothing
 * is written.
 */
export async function labelsAtSize(
  { store, experiment, recipes }: StoredExperiment,
  size: LabelSize,
  context: StageContext,
): Promise<SizedLabels> {
  const corpus = await openCorpus(await store.whole('corpus', recipes.corpus.id))
  const points = pointsOfFolds(corpus)
  corpus.close()
  const settings =
    size.method === 'kd-tree'
      ? { ...sweptScheme(experiment, size.method), bucket: size.bucket }
      : { ...sweptScheme(experiment, size.method), radiusKm: size.radiusKm }
  const set = await fitLabelSet(settings, points.train, context)
  const name = size.method === 'kd-tree' ? `bucket ${size.bucket}` : `${size.radiusKm} km`
  const summary = { ...(await describeLabelSet(set, name, points, context)), id: '', assignments: '' }
  const { collection } = territoriesGeoJson(set, points.train)
  return {
    size,
    map: labelMapOf(set, summary, points.train),
    territories: collection.features.map(({ properties, geometry }) => ({
      label: properties.index,
      polygons: geometry.coordinates,
    })),
  }
}

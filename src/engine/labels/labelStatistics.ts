import type { LabelSetSummary, Oracle } from '#protocol/labelSets.ts'
import type { StageContext } from '#engine/context.ts'
import { haversineKm } from '#pure/greatCircle.ts'
import { nearKm } from '#pure/metricRules.ts'
import { quantileOfSorted } from '#pure/quantiles.ts'
import type { Points } from '#engine/geo/points.ts'
import { pause } from '#engine/pause.ts'
import { labelsOfDocuments } from './labelsOfDocuments.ts'
import { noLabel, type LabelledDocuments } from './scheme.ts'
import { schemeOf } from './schemes.ts'
import type { LabelSet } from './assembleLabelSet.ts'
import type { FittedLabelSet } from './fittedLabelSet.ts'

/** Some tens of milliseconds. */
const distancesBetweenPauses = 200_000

/**
 * A label set in figures. `oracle` is what a classifier without fault would reach on a fold: each document at the
 * centre of its label; null for a fold without documents. `oracleMedianKm` is the one of the
 * test fold, without it of development, else of training. Documents without a label are counted, and are in no other figure.
 */
export async function describeLabelSet(
  set: FittedLabelSet,
  name: string,
  folds: { train: Points; dev: LabelledDocuments | null; test: LabelledDocuments | null },
  context: StageContext,
): Promise<Omit<LabelSetSummary, 'id' | 'assignments'>> {
  const { settings, labels, cities, trainLabels, trainAssigned } = set
  const toCentre = await sortedErrorsKm(set, folds.train, trainLabels, context)
  const documents = Float64Array.from(labels, (label) => label.documents)
  const centreToCity = labels.map((label, i) => haversineKm(label.lat, label.lon, cities.lat[i]!, cities.lon[i]!))
  const sizes = documents.slice().sort()
  const assigned =
    trainAssigned === trainLabels ? toCentre : await sortedErrorsKm(set, folds.train, trainAssigned, context)
  const [dev, test] = [await ownErrorsKm(set, folds.dev, context), await ownErrorsKm(set, folds.test, context)]
  const oracle = { train: oracleOf(assigned), dev: oracleOf(dev), test: oracleOf(test) }
  return {
    name,
    method: settings.method,
    assign: schemeOf(settings).assign(settings),
    labelCount: labels.length,
    meanToCentreKm: mean(toCentre),
    medianToCentreKm: quantileOfSorted(toCentre, 0.5),
    centreToCityKm: centreToCity.reduce((sum, km, i) => sum + km * documents[i]!, 0) / toCentre.length,
    oracleMedianKm: (oracle.test ?? oracle.dev ?? oracle.train)!.medianErrorKm,
    oracle,
    sizes: [0, 0.25, 0.5, 0.75, 1].map((share) => quantileOfSorted(sizes, share)) as LabelSetSummary['sizes'],
    unlabelled: {
      train: trainLabels.length - toCentre.length,
      dev: (folds.dev?.lat.length ?? 0) - dev.length,
      test: (folds.test?.lat.length ?? 0) - test.length,
    },
    reassigned: set.reassigned,
  }
}

async function ownErrorsKm(
  set: FittedLabelSet,
  documents: LabelledDocuments | null,
  context: StageContext,
): Promise<Float64Array> {
  if (!documents) return new Float64Array()
  return sortedErrorsKm(set, documents, await labelsOfDocuments(set, documents, context), context)
}

async function sortedErrorsKm(
  { labels }: LabelSet,
  { lat, lon }: Points,
  labelOf: Int32Array,
  context: StageContext,
): Promise<Float64Array> {
  const errors = new Float64Array(labelOf.length)
  let count = 0
  for (let i = 0; i < labelOf.length; i++) {
    if (i % distancesBetweenPauses === distancesBetweenPauses - 1) await pause(context)
    // A place without a label has no centre to be far from.
    if (labelOf[i] === noLabel) continue
    const centre = labels[labelOf[i]!]!
    errors[count++] = haversineKm(lat[i]!, lon[i]!, centre.lat, centre.lon)
  }
  await pause(context)
  return errors.subarray(0, count).sort()
}

function oracleOf(sortedErrors: Float64Array): Oracle | null {
  if (sortedErrors.length === 0) return null
  const firstMiss = sortedErrors.findIndex((km) => km >= nearKm)
  return {
    accuracyAt161Km: (firstMiss < 0 ? sortedErrors.length : firstMiss) / sortedErrors.length,
    meanErrorKm: mean(sortedErrors),
    medianErrorKm: quantileOfSorted(sortedErrors, 0.5),
  }
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

import type { LabelRow } from '#protocol/labelSets.ts'
import type { StageContext } from '#engine/context.ts'
import { take } from '#engine/geo/take.ts'
import { inPieces } from '#engine/geo/inPieces.ts'
import type { Points } from '#engine/geo/points.ts'
import { assembleLabelSet, type LabelSet, type LabelSetParts } from './assembleLabelSet.ts'
import type { Gazetteer } from '#engine/gazetteer/gazetteer.ts'
import type { LabelCentres } from './labelCentres.ts'

/** A label set fresh from its training points. */
export interface FittedLabelSet extends LabelSet {
  /** What `assign` gives for each training point; where that is always its own label, `trainLabels` itself. */
  trainAssigned: Int32Array
  /** The labels of values of a column, where a document's label is that of its value and not that of its place. */
  labelOfValue?: ReadonlyMap<string, number>
}

/** The rows of labels and the places of their cities, from their centres and names. */
export function describeLabels(
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
  return { labels, cities: { lat: take(gazetteer.lat, cityOfLabel), lon: take(gazetteer.lon, cityOfLabel) } }
}

/** A label set whose rule may send a training point elsewhere than to its own label: how many it does is counted. */
export async function withReassigned(
  parts: LabelSetParts,
  train: Points,
  context: StageContext,
): Promise<FittedLabelSet> {
  const set = assembleLabelSet(parts)
  const trainAssigned = await inPieces(train, set.assign, 'Assigning places', context)
  let others = 0
  for (let i = 0; i < trainAssigned.length; i++) if (trainAssigned[i] !== parts.trainLabels[i]) others++
  return { ...set, trainAssigned, reassigned: others / trainAssigned.length }
}

import { join } from 'node:path'
import type { LabelMap, LabelSetSummary } from '#protocol/labelSets.ts'
import { pointsAt, rowsOfFold } from '#engine/corpus/corpusFolds.ts'
import { damagedFile } from '#engine/files/artefactFile.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import type { StageContext } from '#engine/context.ts'
import { inPieces } from '#engine/geo/inPieces.ts'
import type { Points } from '#engine/geo/points.ts'
import type { LabelSet } from '#engine/labels/assembleLabelSet.ts'
import { loadLabelSet } from '#engine/labels/labelSetFiles.ts'
import { territoriesGeoJson } from '#engine/labels/territoriesGeoJson.ts'
import { readLabelSummary } from './summaries.ts'

/** The territories of a label set, within the padded box of the training points, and the names of the labels without one. */
export async function readTerritories(
  directory: string,
  corpusDirectory: string,
): Promise<{ geoJson: string; leftOut: string[] }> {
  const set = await loadLabelSet(directory)
  const corpus = await openCorpus(corpusDirectory)
  const train = pointsAt(corpus, rowsOfFold(corpus, 'train'))
  corpus.close()
  const { collection, leftOut } = territoriesGeoJson(set, train)
  return { geoJson: JSON.stringify(collection), leftOut: leftOut.map(({ name }) => name) }
}

/** A label set as a map draws it: training points, their labels, and the borders of the territories. */
export async function readLabelMap(directory: string, name: string, corpusDirectory: string): Promise<LabelMap> {
  const set = await loadLabelSet(directory)
  const corpus = await openCorpus(corpusDirectory)
  const train = pointsAt(corpus, rowsOfFold(corpus, 'train'))
  corpus.close()
  if (set.trainLabels.length !== train.lat.length) {
    throw damagedFile(
      join(directory, 'trainLabels.npy'),
      `it labels ${set.trainLabels.length} places, expected ${train.lat.length}`,
    )
  }
  return labelMapOf(set, await readLabelSummary(directory, name), train)
}

/** The labels in whose territories places lie. */
export async function assignPlaces(directory: string, places: Points, context: StageContext): Promise<Int32Array> {
  return inPieces(places, (await loadLabelSet(directory)).assign, 'Assigning places', context)
}

/** A label set and the training points that it labels, as a map draws them. */
export function labelMapOf(set: LabelSet, summary: LabelSetSummary, train: Points): LabelMap {
  const borders = set.borders(train)
  return {
    summary,
    labels: set.labels,
    points: Float32Array.from({ length: 2 * train.lat.length }, (_, i) =>
      i % 2 === 0 ? train.lon[i >> 1]! : train.lat[i >> 1]!,
    ),
    pointLabels: set.trainLabels,
    borderVertices: borders.vertices,
    borderStarts: borders.starts,
  }
}

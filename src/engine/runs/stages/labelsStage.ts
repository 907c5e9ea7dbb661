import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LabelSettings } from '#protocol/labels/labels.ts'
import { folds, type Fold } from '#protocol/corpus.ts'
import type { LabelSetSummary } from '#protocol/labelSets.ts'
import type { StageContext } from '#engine/context.ts'
import { pointsOfFolds, rowsOfFold } from '#engine/corpus/corpusFolds.ts'
import { openCorpus, type Corpus } from '#engine/corpus/corpusReader.ts'
import { writeNpy } from '#engine/files/npy.ts'
import { inPieces } from '#engine/geo/inPieces.ts'
import { checkPoints } from '#engine/labels/checkPoints.ts'
import type { Points } from '#engine/geo/points.ts'
import { schemeOf } from '#engine/labels/schemes.ts'
import { fitLabelSet } from '#engine/labels/fitLabelSet.ts'
import { saveLabelSet } from '#engine/labels/labelSetFiles.ts'
import { describeLabelSet } from '#engine/labels/labelStatistics.ts'

/**
 * Fills a label set's folder.
 * @param matched the scheme for whose number of labels the settings' size is searched
 */
export async function labelsStage(
  corpusDirectory: string,
  name: string,
  given: LabelSettings,
  directory: string,
  context: StageContext,
  matched: { name: string; labelCount: number } | null = null,
): Promise<void> {
  const corpus = await openCorpus(corpusDirectory)
  try {
    const points = pointsOfFolds(corpus)
    const settings = matched ? await matchedSettings(given, matched, points.train, context) : given
    const set = await fitLabelSet(settings, points.train, context)
    const labelOf = new Int32Array(corpus.count)
    const keep = (fold: Fold, labels: Int32Array) =>
      rowsOfFold(corpus, fold).forEach((row, i) => (labelOf[row] = labels[i]!))
    keep('train', set.trainLabels)
    for (const fold of ['dev', 'test'] as const) {
      if (points[fold]) keep(fold, await inPieces(points[fold], set.assign, 'Assigning places', context))
    }
    await saveLabelSet(set, directory)
    await writeNpy(join(directory, 'documents.npy'), labelOf)
    await writeFile(join(directory, 'assignments.csv'), assignmentLines(corpus, labelOf), { signal: context.signal })
    const summary = await describeLabelSet(set, name, points, context)
    noteUnlabelled(corpus, name, summary.unlabelled, context)
    await writeFile(join(directory, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`)
  } finally {
    corpus.close()
  }
}

/** Says how many documents have no label, fold by fold. */
function noteUnlabelled(
  corpus: Corpus,
  name: string,
  unlabelled: LabelSetSummary['unlabelled'],
  context: StageContext,
): void {
  const counts = folds.flatMap((fold) =>
    unlabelled[fold] > 0 ? [`${unlabelled[fold]} of ${rowsOfFold(corpus, fold).length} ${foldNames[fold]}`] : [],
  )
  if (counts.length > 0)
    context.note(
      `Labels ${name}: ${counts.join(', ')} documents have no label. Those of training are left out, those of development and test are placed all the same and count as wrong labels.`,
    )
}
const foldNames = { train: 'training', dev: 'development', test: 'test' }

/** The settings that give about as many labels as another scheme has; what was found is noted. */
async function matchedSettings(
  settings: LabelSettings,
  { name, labelCount }: { name: string; labelCount: number },
  train: Points,
  context: StageContext,
): Promise<LabelSettings> {
  checkPoints(train)
  const found = await schemeOf(settings).match!(settings, train, labelCount, context)
  const size =
    'bucket' in found ? `A bucket of ${found.bucket}` : 'radiusKm' in found ? `A radius of ${found.radiusKm} km` : ''
  context.note(`${size} comes nearest to the ${labelCount} labels of ${name}.`)
  return found
}

/** The table of who got which label, in pieces of some thousand lines. */
function* assignmentLines(corpus: Corpus, labelOf: Int32Array): Generator<string> {
  let lines = 'split,row,label\n'
  for (const fold of folds) {
    for (const row of rowsOfFold(corpus, fold)) {
      lines += `${fold},${corpus.sourceRows[row]},${labelOf[row]}\n`
      if (lines.length < 1 << 19) continue
      yield lines
      lines = ''
    }
  }
  yield lines
}

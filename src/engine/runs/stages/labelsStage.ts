import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LabelSettings } from '#protocol/labels/labels.ts'
import { folds, type Fold } from '#protocol/corpus.ts'
import type { LabelSetSummary } from '#protocol/labelSets.ts'
import type { StageContext } from '#engine/context.ts'
import { pointsOfFolds, rowsOfFold } from '#engine/corpus/corpusFolds.ts'
import { openCorpus, type Corpus } from '#engine/corpus/corpusReader.ts'
import { writeNpy } from '#engine/files/npy.ts'
import { checkPoints } from '#engine/labels/checkPoints.ts'
import type { Points } from '#engine/geo/points.ts'
import { fitLabelSet } from '#engine/labels/fitLabelSet.ts'
import type { FittedLabelSet } from '#engine/labels/fittedLabelSet.ts'
import { saveLabelSet } from '#engine/labels/labelSetFiles.ts'
import { labelsOfDocuments, unseenValues } from '#engine/labels/labelsOfDocuments.ts'
import { describeLabelSet } from '#engine/labels/labelStatistics.ts'
import type { LabelledDocuments } from '#engine/labels/scheme.ts'
import { schemeOf } from '#engine/labels/schemes.ts'

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
    const documents = await documentsOfFolds(corpus, given)
    const settings = matched ? await matchedSettings(given, matched, documents.train, context) : given
    const set = await fitLabelSet(settings, documents.train, context)
    const labelOf = new Int32Array(corpus.count)
    const keep = (fold: Fold, labels: Int32Array) =>
      rowsOfFold(corpus, fold).forEach((row, i) => (labelOf[row] = labels[i]!))
    keep('train', set.trainLabels)
    for (const fold of ['dev', 'test'] as const) {
      if (documents[fold]) keep(fold, await labelsOfDocuments(set, documents[fold], context))
    }
    await saveLabelSet(set, directory)
    await writeNpy(join(directory, 'documents.npy'), labelOf)
    await writeFile(join(directory, 'assignments.csv'), assignmentLines(corpus, labelOf), { signal: context.signal })
    const summary = await describeLabelSet(set, name, documents, context)
    noteUnlabelled(corpus, name, summary.unlabelled, context)
    noteUnseen(set, name, documents, context)
    await writeFile(join(directory, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`)
  } finally {
    corpus.close()
  }
}

interface FoldsToLabel {
  train: LabelledDocuments
  dev: LabelledDocuments | null
  test: LabelledDocuments | null
}

/** The documents of each fold as the scheme of some settings sees them. */
async function documentsOfFolds(corpus: Corpus, settings: LabelSettings): Promise<FoldsToLabel> {
  const { train, dev, test } = pointsOfFolds(corpus)
  const name = schemeOf(settings).column?.(settings)
  if (name === undefined) return { train, dev, test }
  const { values, codes } = await corpus.column(name)
  const column = (fold: Fold) => ({
    column: { values, codes: Int32Array.from(rowsOfFold(corpus, fold), (row) => codes[row]!) },
  })
  return {
    train: { ...train, ...column('train') },
    dev: dev && { ...dev, ...column('dev') },
    test: test && { ...test, ...column('test') },
  }
}

/** Says which documents of development and test have a value that no training document has. */
function noteUnseen(set: FittedLabelSet, name: string, folds: FoldsToLabel, context: StageContext): void {
  for (const fold of ['dev', 'test'] as const) {
    if (!folds[fold]) continue
    const { documents, values } = unseenValues(set, folds[fold])
    if (documents === 0) continue
    const [first, more] = [values.slice(0, namedValues), values.length - namedValues]
    context.note(
      `Labels ${name}: ${documents} of these ${foldNames[fold]} documents have a value that no training document has (${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}); no answer can be right about them.`,
    )
  }
}
/** Values that a note names. */
const namedValues = 5

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

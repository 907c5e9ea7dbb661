import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { CorpusSettings, EmbeddingSettings, LabelSettings, PreprocessSettings } from '#protocol/experiment.ts'
import { chooseThreads } from '#engine/compute/threads.ts'
import type { StageContext } from '#engine/context.ts'
import { importCorpus } from '#engine/corpus/import/importCorpus.ts'
import { openCorpus, type Corpus } from '#engine/corpus/corpusReader.ts'
import { buildVocabulary } from '#engine/corpus/vocabulary/buildVocabulary.ts'
import { loadEncodedDocuments, loadVocabulary } from '#engine/corpus/vocabulary/vocabulary.ts'
import { randomVectors } from '#engine/embeddings/randomVectors.ts'
import { trainSkipGram } from '#engine/embeddings/skipGram.ts'
import { skipGramCheckpoints } from '#engine/embeddings/skipGramCheckpoints.ts'
import { saveVectors } from '#engine/embeddings/vectors.ts'
import { importWord2vec } from '#engine/embeddings/word2vec.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { writeNpy } from '#engine/files/npy.ts'
import type { Points } from '#engine/geo/points.ts'
import { describeLabelSet } from '#engine/labels/labelStatistics.ts'
import { fitLabelSet, saveLabelSet } from '#engine/labels/labelSet.ts'
import { folds, type Fold } from '#protocol/results.ts'

/** Threads that tokenise: more would wait for the disk and for the thread that counts. */
const mostScanners = 4

/** Documents' rows of one fold, ascending. */
export function rowsOfFold({ folds: foldOf }: Pick<Corpus, 'folds'>, fold: Fold): Int32Array {
  const code = folds.indexOf(fold)
  const rows: number[] = []
  foldOf.forEach((value, row) => {
    if (value === code) rows.push(row)
  })
  return Int32Array.from(rows)
}

export const pointsAt = ({ points }: Pick<Corpus, 'points'>, rows: Int32Array): Points => ({
  lat: Float64Array.from(rows, (row) => points.lat[row]!),
  lon: Float64Array.from(rows, (row) => points.lon[row]!),
})

/** The stages before training: each fills the folder of one artefact from the folders of its inputs. */

export async function importStage(settings: CorpusSettings, directory: string, context: StageContext): Promise<void> {
  const summary = await importCorpus(settings, directory, context)
  for (const warning of summary.warnings) context.note(warning)
}

export async function vocabularyStage(
  corpusDirectory: string,
  settings: PreprocessSettings,
  directory: string,
  context: StageContext,
): Promise<void> {
  const corpus = await openCorpus(corpusDirectory)
  try {
    // Places of replacement tokens and of the information gain ratio, whatever schemes the experiment has.
    const places = async () => {
      const train = pointsAt(corpus, rowsOfFold(corpus, 'train'))
      const set = await fitLabelSet({ method: 'point2city', radiusKm: 11, minPopulation: 15_000, merge: 'nearest' }, train, context)
      return { assignments: set.trainLabels, names: set.labels.map(({ name }) => name) }
    }
    await buildVocabulary(corpus, settings, directory, context, places, Math.min(mostScanners, chooseThreads(process.env)))
  } finally {
    corpus.close()
  }
}

export async function labelsStage(
  corpusDirectory: string,
  name: string,
  settings: LabelSettings,
  directory: string,
  context: StageContext,
): Promise<void> {
  const corpus = await openCorpus(corpusDirectory)
  try {
    const rows = Object.fromEntries(folds.map((fold) => [fold, rowsOfFold(corpus, fold)])) as Record<Fold, Int32Array>
    const set = await fitLabelSet(settings, pointsAt(corpus, rows.train), context)
    const labelOf = new Int32Array(corpus.count)
    rows.train.forEach((row, i) => (labelOf[row] = set.trainLabels[i]!))
    for (const fold of ['dev', 'test'] as const) {
      const assigned = set.assign(pointsAt(corpus, rows[fold]))
      rows[fold].forEach((row, i) => (labelOf[row] = assigned[i]!))
    }
    const foldPoints = (fold: 'dev' | 'test') => (rows[fold].length ? pointsAt(corpus, rows[fold]) : null)
    await saveLabelSet(set, directory)
    await writeNpy(join(directory, 'documents.npy'), labelOf)
    const lines = ['split,row,label']
    for (const fold of folds) for (const row of rows[fold]) lines.push(`${fold},${corpus.sourceRows[row]},${labelOf[row]}`)
    await writeFile(join(directory, 'assignments.csv'), `${lines.join('\n')}\n`)
    const summary = describeLabelSet(set, name, {
      train: pointsAt(corpus, rows.train),
      dev: foldPoints('dev'),
      test: foldPoints('test'),
    })
    await writeFileAtomically(join(directory, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`)
  } finally {
    corpus.close()
  }
}

export async function embeddingStage(
  { corpusDirectory, vocabularyDirectory, checkpoint }: { corpusDirectory: string; vocabularyDirectory: string; checkpoint: string },
  settings: EmbeddingSettings,
  directory: string,
  context: StageContext,
): Promise<void> {
  const vocabulary = await loadVocabulary(vocabularyDirectory)
  if (vocabulary.size === 0) {
    throw new EngineError(
      'vocabulary/empty',
      'No word of the training documents is kept: found 0 words, expected at least 1. Lower preprocess.minFrequency or keep more of the text.',
    )
  }
  if (settings.method === 'random') {
    await saveVectors(directory, randomVectors(vocabulary.size, settings.dimensions, settings.seed))
    return
  }
  if (settings.method === 'file') {
    const { matrix, found } = await importWord2vec(settings.file, vocabulary.words)
    context.note(`${found} of ${vocabulary.size} words have a vector in ${settings.file}; the others start at random.`)
    await saveVectors(directory, matrix)
    return
  }
  const documents = await loadEncodedDocuments(vocabularyDirectory)
  const corpus = await openCorpus(corpusDirectory)
  const train = rowsOfFold(corpus, 'train')
  corpus.close()
  await mkdir(checkpoint, { recursive: true })
  const trained = await trainSkipGram(
    { ids: documents.ids, offsets: documents.offsets, documents: train, vocabularySize: vocabulary.size },
    settings,
    context,
    skipGramCheckpoints(checkpoint, () => performance.now()),
  )
  await saveVectors(directory, trained.vectors)
  await writeFileAtomically(join(directory, 'training.json'), JSON.stringify({ lossByEpoch: trained.lossByEpoch }, null, 2))
}


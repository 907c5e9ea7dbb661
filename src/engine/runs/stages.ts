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
import { writeNpy } from '#engine/files/npy.ts'
import { gathered } from '#engine/geo/gathered.ts'
import { inPieces } from '#engine/geo/inPieces.ts'
import type { Points } from '#engine/geo/points.ts'
import { describeLabelSet } from '#engine/labels/labelStatistics.ts'
import { fitLabelSet, saveLabelSet } from '#engine/labels/labelSet.ts'
import { folds, type Fold } from '#protocol/results.ts'

/** Threads that tokenise: more would wait for the disk and for the thread that counts. */
const mostScanners = 4

/** Documents' rows of one fold, ascending. */
export function rowsOfFold({ folds: foldOf }: Pick<Corpus, 'folds'>, fold: Fold): Int32Array {
  const code = folds.indexOf(fold)
  const rows = new Int32Array(foldOf.length)
  let count = 0
  for (let row = 0; row < foldOf.length; row++) if (foldOf[row] === code) rows[count++] = row
  return rows.slice(0, count)
}

export const pointsAt = ({ points }: Pick<Corpus, 'points'>, rows: Int32Array): Points => ({
  lat: gathered(points.lat, rows),
  lon: gathered(points.lon, rows),
})

/** The points of each fold; null for development or test without documents. */
export function pointsOfFolds(corpus: Corpus): { train: Points; dev: Points | null; test: Points | null } {
  const of = (fold: Fold) => pointsAt(corpus, rowsOfFold(corpus, fold))
  const [dev, test] = [of('dev'), of('test')]
  return { train: of('train'), dev: dev.lat.length > 0 ? dev : null, test: test.lat.length > 0 ? test : null }
}

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
    const points = pointsOfFolds(corpus)
    const set = await fitLabelSet(settings, points.train, context)
    const labelOf = new Int32Array(corpus.count)
    const keep = (fold: Fold, labels: Int32Array) => rowsOfFold(corpus, fold).forEach((row, i) => (labelOf[row] = labels[i]!))
    keep('train', set.trainLabels)
    for (const fold of ['dev', 'test'] as const) {
      if (points[fold]) keep(fold, await inPieces(points[fold], set.assign, 'Assigning places', context))
    }
    await saveLabelSet(set, directory)
    await writeNpy(join(directory, 'documents.npy'), labelOf)
    await writeFile(join(directory, 'assignments.csv'), assignmentLines(corpus, labelOf), { signal: context.signal })
    const summary = await describeLabelSet(set, name, points, context)
    await writeFile(join(directory, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`)
  } finally {
    corpus.close()
  }
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
  await writeFile(join(directory, 'training.json'), JSON.stringify({ lossByEpoch: trained.lossByEpoch }, null, 2))
}


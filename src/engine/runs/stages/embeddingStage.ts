import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { EmbeddingSettings } from '#protocol/experiment.ts'
import type { StageContext } from '#engine/context.ts'
import { rowsOfFold } from '#engine/corpus/corpusFolds.ts'
import { noTexts, openCorpus } from '#engine/corpus/corpusReader.ts'
import { loadEncodedDocuments, loadVocabulary } from '#engine/corpus/vocabulary/vocabulary.ts'
import { randomVectors } from '#engine/embeddings/randomVectors.ts'
import { trainSkipGram } from '#engine/embeddings/skipGram.ts'
import { skipGramCheckpoints } from '#engine/embeddings/skipGramCheckpoints.ts'
import { saveVectors } from '#engine/embeddings/vectors.ts'
import { importWord2vec } from '#engine/embeddings/word2vec.ts'

/** Fills an embedding's folder. */
export async function embeddingStage(
  {
    corpusDirectory,
    vocabularyDirectory,
    checkpoint,
  }: { corpusDirectory: string; vocabularyDirectory: string; checkpoint: string },
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
  const corpus = await openCorpus(corpusDirectory)
  const train = rowsOfFold(corpus, 'train')
  corpus.close()
  if (corpus.withoutText) throw noTexts(corpusDirectory)
  const documents = await loadEncodedDocuments(vocabularyDirectory, corpus.count)
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

import type { PreprocessSettings } from '#protocol/experiment.ts'
import { chooseThreads } from '#engine/compute/threads.ts'
import type { StageContext } from '#engine/context.ts'
import { pointsAt, rowsOfFold } from '#engine/corpus/corpusFolds.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { buildVocabulary } from '#engine/corpus/vocabulary/buildVocabulary.ts'
import { fitLabelSet } from '#engine/labels/fitLabelSet.ts'

/** Threads that tokenise: more would wait for the disk and for the thread that counts. */
const mostScanners = 4

/** Fills a vocabulary's folder. */
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
      const set = await fitLabelSet(
        { method: 'point2city', radiusKm: 11, minPopulation: 15_000, merge: 'nearest' },
        train,
        context,
      )
      return { assignments: set.trainLabels, names: set.labels.map(({ name }) => name) }
    }
    await buildVocabulary(
      corpus,
      settings,
      directory,
      { places, threads: Math.min(mostScanners, chooseThreads(process.env)) },
      context,
    )
  } finally {
    corpus.close()
  }
}

import { chooseThreads } from '#engine/compute/threads.ts'
import type { StageContext } from '#engine/context.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { buildTokens } from '#engine/explorer/tokens/buildTokens.ts'

/** Threads that tokenise: more would wait for the disk and for the thread that takes what they found. */
const mostScanners = 4

/** Fills a tokens folder. */
export async function tokensStage(corpusDirectory: string, directory: string, context: StageContext): Promise<void> {
  const corpus = await openCorpus(corpusDirectory)
  try {
    await buildTokens(corpus, directory, context, Math.min(mostScanners, chooseThreads(process.env)))
  } finally {
    corpus.close()
  }
}

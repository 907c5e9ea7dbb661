import { setImmediate } from 'node:timers/promises'
import type { PreprocessSettings } from '#protocol/experiment.ts'
import type { StageContext } from '#engine/context.ts'
import { foldCode } from '#engine/corpus/corpusFolds.ts'
import type { Corpus } from '#engine/corpus/corpusReader.ts'
import { tokeniserResources } from '#engine/corpus/text/tokeniserResources.ts'
import { TokenScanner } from '#engine/corpus/text/tokenScanner.ts'
import type { WordTable } from '#engine/corpus/text/wordTable.ts'
import { TokenSpool } from './tokenSpool.ts'

/** All words of a corpus with their counts in training, and its documents as ids of them. */
export interface CountedTokens {
  words: WordTable
  documents: TokenSpool
}

/** Tokenises a corpus on `threads` threads; what is found does not depend on their number. */
export async function countTokens(
  corpus: Pick<Corpus, 'count' | 'folds' | 'tokenisation' | 'texts'>,
  settings: PreprocessSettings,
  directory: string,
  threads: number,
  context: StageContext,
): Promise<CountedTokens> {
  const documents = new TokenSpool(directory, corpus.count)
  let row = 0
  const scanner = await TokenScanner.start(
    settings,
    await tokeniserResources(settings, corpus.tokenisation),
    threads,
    (ids, start, end) => {
      if (corpus.folds[row++] === foldCode.train) scanner.words.countAll(ids, start, end)
      documents.append(ids, start, end)
    },
  )
  try {
    for await (const texts of corpus.texts()) {
      await setImmediate()
      context.signal.throwIfAborted()
      context.report({ done: row, total: corpus.count, unit: 'documents', title: 'Tokenise' })
      for (const text of texts) if (!scanner.add(text)) await scanner.addSlowly(text)
    }
    await scanner.finish()
    return { words: scanner.words, documents }
  } catch (error) {
    documents.close()
    throw error
  } finally {
    await scanner.stop()
  }
}

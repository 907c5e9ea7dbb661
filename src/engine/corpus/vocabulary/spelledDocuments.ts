import type { StageContext } from '#engine/context.ts'
import type { Corpus } from '#engine/corpus/corpusReader.ts'
import { GrowingArray } from '#engine/corpus/growingArray.ts'
import { pause } from '#engine/pause.ts'
import type { EncodedDocuments } from './encodedDocuments.ts'
import { FurtherWords } from './furtherWords.ts'
import { loadVocabulary } from './vocabulary.ts'

/** Words between two pauses: some tens of milliseconds. */
const wordsBetweenPauses = 20_000

/**
 * The documents of a corpus with the words that the vocabulary lacks, which are numbered after its own.
 * @returns `words`: how many the vocabulary has
 */
export async function spelledDocuments(
  directory: string,
  corpus: Pick<Corpus, 'count' | 'texts'>,
  context: Pick<StageContext, 'signal'>,
): Promise<EncodedDocuments & { words: number }> {
  const vocabulary = await loadVocabulary(directory, true)
  const further = new FurtherWords(vocabulary.words)
  const ids = new GrowingArray(Int32Array)
  const offsets = new Float64Array(corpus.count + 1)
  let document = 0
  let paused = 0
  for await (const texts of corpus.texts()) {
    for (const bytes of texts) {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()
      for (const id of vocabulary.encode(text, further).ids) ids.push(id)
      offsets[++document] = ids.length
      if (ids.length - paused < wordsBetweenPauses) continue
      paused = ids.length
      await pause(context)
    }
  }
  return { words: vocabulary.size, ids: ids.values, offsets, spell: further.spell }
}

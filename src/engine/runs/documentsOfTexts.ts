import { preprocessSettings } from '#protocol/experiment.ts'
import type { Explanation } from '#protocol/runs.ts'
import { tokenise } from '#engine/corpus/text/tokenise.ts'
import { FurtherWords } from '#engine/corpus/vocabulary/furtherWords.ts'
import type { Vocabulary } from '#engine/corpus/vocabulary/vocabulary.ts'
import { noExplanation } from '#engine/models/learning/noExplanation.ts'
import { occlusion } from '#engine/models/learning/occlusion.ts'
import type { ModelDocuments, TrainedModel } from '#engine/models/method.ts'

/** What reads texts: by a vocabulary, as they are, or each of several parts in its own way. */
export interface TextReader {
  vocabulary: Vocabulary | null
  parts: TextReader[]
}

/** New texts as the documents of a model, in their order. */
export function documentsOfTexts(reader: TextReader, texts: string[]): ModelDocuments {
  const { vocabulary, parts } = reader
  if (parts.length > 0) return { input: 'parts', parts: parts.map((part) => documentsOfTexts(part, texts)) }
  if (!vocabulary) return { input: 'text', texts: () => inOnePiece(texts) }
  const further = new FurtherWords(vocabulary.words)
  const encoded = texts.map((text) => vocabulary.encode(text, further).ids)
  const offsets = new Float64Array(texts.length + 1)
  encoded.forEach((ids, i) => (offsets[i + 1] = offsets[i]! + ids.length))
  const ids = new Int32Array(offsets.at(-1)!)
  encoded.forEach((own, i) => ids.set(own, offsets[i]))
  return { input: 'words', words: { ids, offsets, spell: vocabulary.spelling ? further.spell : undefined } }
}

/**
 * Occlusion for a model of several parts, which do not read the same words: what the label's log-odds lose with each token of
 * the text, mentions and stop words included.
 */
export async function occludeTokens(
  model: TrainedModel,
  reader: TextReader,
  text: string,
  label: number,
  context: { signal: AbortSignal },
): Promise<Explanation> {
  const tokenisation = reader.parts.find(({ vocabulary }) => vocabulary)?.vocabulary!.resources.tokenisation ?? 'text'
  const placeNames = { names: new Set<string>(), longest: 0 }
  const { tokens, spans } = tokenise(text, preprocessSettings.parse({}), {
    tokenisation,
    stopWords: new Set(),
    placeNames,
  })
  const without = tokens.map((_, i) => text.slice(0, spans[2 * i]) + text.slice(spans[2 * i + 1]))
  const documents = documentsOfTexts(reader, [text, ...without])
  const words = { ids: new Int32Array(tokens.length), spans: Uint32Array.from(spans) }
  const posteriorOf = async (_words: unknown, chosen: Int32Array) =>
    (await model.predict(documents, chosen, context)).posterior!
  return { ...noExplanation, occlusion: await occlusion(words, label, posteriorOf) }
}

async function* inOnePiece(texts: string[]): AsyncGenerator<Uint8Array[]> {
  yield texts.map((text) => Buffer.from(text))
}

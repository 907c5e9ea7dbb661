import { join } from 'node:path'
import { z } from 'zod'
import { preprocessSettings } from '#protocol/experiment.ts'
import { readJson } from '#engine/files/artefactFile.ts'

const count = z.number().int().nonnegative()

const vocabularySummary = z.object({
  words: count,
  /** Of all documents, before and after the vocabulary. */
  tokens: count,
  keptTokens: count,
  /** Documents cut at maxWords. */
  cutDocuments: count,
  placeTokens: count,
})
export type VocabularySummary = z.infer<typeof vocabularySummary>

/** vocabulary.json */
const vocabularyFile = z.object({
  tokenisation: z.enum(['text', 'answers']),
  // Vocabularies made before the setting was there hold words as the texts have them.
  settings: z.preprocess((written) => ({ unicode: 'none', ...(written as object) }), preprocessSettings),
  summary: vocabularySummary,
})
export type VocabularyFile = z.infer<typeof vocabularyFile>

/** @throws EngineError 'file/damaged' */
export const readVocabularyFile = (directory: string): Promise<VocabularyFile> =>
  readJson(join(directory, 'vocabulary.json'), vocabularyFile)

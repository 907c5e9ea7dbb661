import { stat } from 'node:fs/promises'
import { drawnSplit, type CorpusSettings } from '#protocol/experiment.ts'
import { readVocabularyFile } from '#engine/corpus/vocabulary/vocabularyFile.ts'
import { unpackedBytes } from '#engine/files/unpackedBytes.ts'
import { readCorpusSummary } from './summaries.ts'

/** What the cost of an experiment depends on beside its settings. */
export interface CorpusSize {
  /** Of all folds, and of training. */
  documents: number
  trainDocuments: number
  /** Kept words of all documents. */
  words: number
  vocabulary: number
}

/** The size of a corpus whose vocabulary was made. */
export async function knownCorpusSize(corpusDirectory: string, vocabularyDirectory: string): Promise<CorpusSize> {
  const { documents } = await readCorpusSummary(corpusDirectory)
  const { summary } = await readVocabularyFile(vocabularyDirectory)
  return {
    documents: documents.train + documents.dev + documents.test,
    trainDocuments: documents.train,
    words: summary.keptTokens,
    vocabulary: summary.words,
  }
}

/** Unpacked bytes that are looked at of a file. */
const sampleBytes = 1 << 22
/** Of texts as people write them, with the space after a word. */
const bytesPerWord = 6

/**
 * A guess at a corpus that was not imported yet, from the first lines of its first file and the sizes of all: every line
 * a document, every word kept. Null where the file cannot be read as lines.
 */
export async function guessedCorpusSize(settings: CorpusSettings): Promise<CorpusSize | null> {
  const { train, dev = [], test = [], format } = settings
  if (format === 'parquet' || train[0]!.endsWith('.parquet')) return null
  const sample = await sampleOf(train[0]!).catch(() => null)
  if (!sample || sample.lines === 0) return null
  const bytesOf = async (files: string[]) =>
    (await Promise.all(files.map((file) => stat(file)))).reduce((sum, { size }) => sum + size, 0)
  const [trainBytes, otherBytes] = [await bytesOf(train), await bytesOf([...dev, ...test])]
  const linesPerByte = sample.lines / sample.fileBytes
  const split = drawnSplit(settings)
  const drawn = split === null ? 0 : (dev.length ? 0 : split.dev) + (test.length ? 0 : split.test)
  const documents = Math.round((trainBytes + otherBytes) * linesPerByte)
  const words = Math.round(((trainBytes + otherBytes) * sample.unpackedBytes) / sample.fileBytes / bytesPerWord)
  // Heaps' law, with constants for whole corpora: most words are rarer than the minimum frequency, and are not counted here.
  return {
    documents,
    trainDocuments: Math.round(trainBytes * linesPerByte * (1 - drawn)),
    words,
    vocabulary: Math.round(4 * words ** 0.6),
  }
}

async function sampleOf(path: string): Promise<{ lines: number; unpackedBytes: number; fileBytes: number }> {
  let [lines, textBytes, fileBytes] = [0, 0, 0]
  for await (const chunk of unpackedBytes(path, (bytes) => (fileBytes += bytes))) {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++
    textBytes += chunk.length
    if (textBytes > sampleBytes) break
  }
  return { lines, unpackedBytes: textBytes, fileBytes }
}

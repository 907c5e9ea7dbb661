import { EngineError } from '#protocol/errors.ts'
import type { WordNeighbour } from '#protocol/runs.ts'
import { loadVocabulary } from '#engine/corpus/vocabulary/vocabulary.ts'
import { neighbours } from '#engine/embeddings/neighbours.ts'
import { loadVectors } from '#engine/embeddings/vectors.ts'
import { nearestWord } from './nearestWord.ts'

/** The commonest words, among which a misspelt one is looked for. */
const commonWords = 20_000

/**
 * The words whose vectors have the greatest cosine with a word's.
 * @throws EngineError 'embedding/unknown-word'
 */
export async function wordNeighbours(
  directories: { vocabulary: string; embedding: string },
  word: string,
  count: number,
): Promise<WordNeighbour[]> {
  const { words, counts, index } = await loadVocabulary(directories.vocabulary)
  const row = index.get(word) ?? index.get(word.toLowerCase())
  if (row === undefined) {
    const near = nearestWord(word, words.slice(0, commonWords))
    throw new EngineError(
      'embedding/unknown-word',
      `The vocabulary of ${words.length} words has no "${word}"${near ? `; the nearest of its common words is "${near}"` : ''}. Ask for a word of words.tsv in ${directories.vocabulary}.`,
      { word },
    )
  }
  const matrix = await loadVectors(directories.embedding, words.length)
  return neighbours(matrix, row, count).map((other) => ({
    word: words[other.row]!,
    count: counts[other.row]!,
    cosine: other.cosine,
  }))
}

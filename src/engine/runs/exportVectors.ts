import { loadVocabulary } from '#engine/corpus/vocabulary/vocabulary.ts'
import { loadVectors } from '#engine/embeddings/vectors.ts'
import { refuseExisting } from '#engine/files/newFile.ts'
import { exportWord2vec } from '#engine/embeddings/word2vec.ts'

/**
 * Writes the word vectors of an embedding in word2vec's format.
 * @throws EngineError 'export/exists' where the file is there already
 */
export async function exportVectors(
  directories: { vocabulary: string; embedding: string },
  file: string,
  binary: boolean,
): Promise<{ file: string; words: number; dimensions: number }> {
  await refuseExisting(file)
  const { words } = await loadVocabulary(directories.vocabulary)
  const matrix = await loadVectors(directories.embedding, words.length)
  await exportWord2vec(file, words, matrix, binary)
  return { file, words: words.length, dimensions: matrix.columns }
}

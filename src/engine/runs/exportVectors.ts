import { loadVocabulary } from '#engine/corpus/vocabulary/vocabulary.ts'
import { loadVectors } from '#engine/embeddings/vectors.ts'
import { exportWord2vec, writtenWord } from '#engine/embeddings/word2vec.ts'
import { refuseExisting } from '#engine/files/newFile.ts'

/**
 * Writes the word vectors of an embedding in word2vec's format.
 * @returns also how many words had spaces, which are underscores in the file
 * @throws EngineError 'export/exists' where the file is there already
 */
export async function exportVectors(
  directories: { vocabulary: string; embedding: string },
  file: string,
  binary: boolean,
): Promise<{ file: string; words: number; joinedWords: number; dimensions: number }> {
  await refuseExisting(file)
  const { words } = await loadVocabulary(directories.vocabulary)
  const matrix = await loadVectors(directories.embedding, words.length)
  await exportWord2vec(file, words, matrix, binary)
  return {
    file,
    words: words.length,
    joinedWords: words.filter((word) => writtenWord(word) !== word).length,
    dimensions: matrix.columns,
  }
}

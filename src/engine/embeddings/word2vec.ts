import { EngineError } from '#protocol/errors.ts'
import { writeNewFile } from '#engine/files/newFile.ts'
import { randomVectors } from './randomVectors.ts'
import type { Matrix } from './vectors.ts'
import { readWordVectors } from './wordVectorsFile.ts'

/** A word as word2vec's format takes it, whose fields are parted by spaces: the names of places may have some. */
export const writtenWord = (word: string) => word.replace(/\s/gu, '_')

/**
 * Writes vectors in word2vec's format: a head "rows columns", then a word as `writtenWord` has it and its values a row.
 * @throws EngineError 'export/exists' where the file is there
 */
export async function exportWord2vec(
  path: string,
  words: string[],
  { columns, values }: Matrix,
  binary: boolean,
): Promise<void> {
  await writeNewFile(path, async (file) => {
    await file.write(`${words.length} ${columns}\n`)
    for (const [row, word] of words.entries()) {
      const own = values.subarray(row * columns, (row + 1) * columns)
      if (binary) {
        const bytes = new Uint8Array(own.slice().buffer)
        await file.write(Buffer.concat([Buffer.from(`${writtenWord(word)} `), bytes, Buffer.from('\n')]))
      } else await file.write(`${writtenWord(word)} ${Array.from(own, (value) => value.toPrecision(9)).join(' ')}\n`)
    }
  })
}

/**
 * Reads the vectors of `words` from a word2vec, fastText or GloVe file (text or binary, gz too, with or without a
 * head). A word that the file lacks starts at seeded random values; of several rows of one word the first counts.
 * @throws EngineError 'embedding/unreadable'
 */
export async function importWord2vec(path: string, words: string[]): Promise<{ matrix: Matrix; found: number }> {
  const rowOf = new Map(words.map((word, row) => [writtenWord(word), row]))
  let matrix: Matrix | null = null
  let found = 0
  for await (const { word, values } of readWordVectors(path)) {
    matrix ??= randomVectors(words.length, values.length, 1)
    const row = rowOf.get(word)
    if (row === undefined) continue
    rowOf.delete(word)
    matrix.values.set(values, row * matrix.columns)
    found++
  }
  if (!matrix)
    throw new EngineError(
      'embedding/unreadable',
      `${path} holds no word vectors. Expected word2vec text or binary, fastText .vec or GloVe.`,
      { path },
    )
  return { matrix, found }
}

import { join } from 'node:path'
import type { ImportReading } from '#protocol/corpus.ts'
import { corpusFile } from '#engine/corpus/corpusFile.ts'
import { readJson } from '#engine/files/artefactFile.ts'

/** What each file of a corpus was taken for; none of a corpus that was imported before that was kept. */
export async function readCorpusReading(corpusDirectory: string): Promise<ImportReading[]> {
  const file = await readJson(join(corpusDirectory, 'corpus.json'), corpusFile)
  return file.reading ?? []
}

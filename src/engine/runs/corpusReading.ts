import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImportReading } from '#protocol/results.ts'
import type { CorpusFile } from '#engine/corpus/import/importCorpus.ts'

/** What each file of a corpus was taken for; none of a corpus that was imported before that was kept. */
export async function readCorpusReading(corpusDirectory: string): Promise<ImportReading[]> {
  const file = JSON.parse(await readFile(join(corpusDirectory, 'corpus.json'), 'utf8')) as CorpusFile
  return file.reading ?? []
}

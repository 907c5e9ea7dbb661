import type { CorpusSettings } from '#protocol/experiment.ts'
import type { StageContext } from '#engine/context.ts'
import { importCorpus } from '#engine/corpus/import/importCorpus.ts'

/** Fills a corpus's folder. */
export async function importStage(settings: CorpusSettings, directory: string, context: StageContext): Promise<void> {
  const summary = await importCorpus(settings, directory, context)
  for (const warning of summary.warnings) context.note(warning)
}

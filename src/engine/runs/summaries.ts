import { join } from 'node:path'
import type { CorpusSummary } from '#protocol/corpus.ts'
import type { LabelSetSummary } from '#protocol/labelSets.ts'
import { corpusFile } from '#engine/corpus/corpusFile.ts'
import { readJson } from '#engine/files/artefactFile.ts'
import { labelSummaryFile } from '#engine/labels/labelSummaryFile.ts'

/** What an artefact's folder says of itself; its id is the folder's name. */

/** @throws EngineError 'file/damaged' */
export async function readCorpusSummary(directory: string): Promise<CorpusSummary> {
  const { summary } = await readJson(join(directory, 'corpus.json'), corpusFile)
  return { ...summary, id: directory.slice(-16) }
}

/**
 * @param name the experiment's name for the scheme
 * @throws EngineError 'file/damaged'
 */
export async function readLabelSummary(directory: string, name: string): Promise<LabelSetSummary> {
  const kept = await readJson(join(directory, 'summary.json'), labelSummaryFile)
  return { ...kept, name, id: directory.slice(-16), assignments: join(directory, 'assignments.csv') }
}

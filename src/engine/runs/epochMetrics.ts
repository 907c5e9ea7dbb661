import { join } from 'node:path'
import type { EpochMetrics } from '#protocol/runs.ts'
import { parseJson, readText } from '#engine/files/artefactFile.ts'
import { epochMetrics } from '#engine/models/learning/epochMetrics.ts'

/**
 * The epochs of a run: metrics.jsonl.
 * @throws EngineError 'file/damaged'
 */
export async function readEpochMetrics(runDirectory: string): Promise<EpochMetrics[]> {
  const path = join(runDirectory, 'metrics.jsonl')
  const text = await readText(path)
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => parseJson(path, line, epochMetrics))
}

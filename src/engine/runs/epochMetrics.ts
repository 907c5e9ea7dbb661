import { join } from 'node:path'
import { z } from 'zod'
import type { EpochMetrics } from '#protocol/results.ts'
import { parseJson, readText } from '#engine/files/artefactFile.ts'

/** JSON has no NaN, which the loss of a training that diverged is. */
const number = z.number().nullable().transform((value) => value ?? NaN)
const count = z.number().int().positive()

const epochMetrics = z.object({
  epoch: count,
  step: count,
  trainLoss: number,
  coordinateLoss: z.number().nullable(),
  devLoss: number,
  devAccuracy: number,
  devMeanErrorKm: number,
  devMedianErrorKm: number,
  devAccuracyAt161Km: number,
  documentsPerSecond: number,
  elapsedMs: number,
  best: z.boolean(),
})

/**
 * The epochs of a run: metrics.jsonl.
 * @throws EngineError 'file/damaged'
 */
export async function readEpochMetrics(runDirectory: string): Promise<EpochMetrics[]> {
  const path = join(runDirectory, 'metrics.jsonl')
  const text = await readText(path)
  return text.split('\n').filter(Boolean).map((line) => parseJson(path, line, epochMetrics))
}

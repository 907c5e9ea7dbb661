import { join } from 'node:path'
import { z } from 'zod'
import { naiveBayesSettings } from '#protocol/models/naiveBayes.ts'
import { damagedFile, readJson, requireBelow, requireFinite } from '#engine/files/artefactFile.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { readArray, writeNpy, type NpyArray } from '#engine/files/npy.ts'
import type { ModelSize } from '../method.ts'
import type { BayesWeights } from './bayesWeights.ts'

const modelFile = z.object({ format: z.literal('isogloss-naive-bayes'), settings: naiveBayesSettings })

/** Writes model.json, kept.npy, documents.npy and the counts by word: starts.npy, labels.npy, counts.npy. */
export async function saveBayes(directory: string, { settings, kept, documents, counts }: BayesWeights): Promise<void> {
  const arrays: Record<string, NpyArray> = { kept, documents, ...counts }
  for (const [name, values] of Object.entries(arrays)) await writeNpy(join(directory, `${name}.npy`), values)
  await writeFileAtomically(
    join(directory, 'model.json'),
    `${JSON.stringify({ format: 'isogloss-naive-bayes', settings }, null, 1)}\n`,
  )
}

/** @throws EngineError 'file/damaged' */
export async function loadBayes(directory: string, size: ModelSize): Promise<BayesWeights> {
  const path = (name: string) => join(directory, `${name}.npy`)
  const { settings } = await readJson(join(directory, 'model.json'), modelFile)
  const { values: kept } = await readArray(path('kept'), Uint8Array, [size.vocabulary])
  const { values: documents } = await readArray(path('documents'), Float64Array, [size.labels])
  const { values: starts } = await readArray(path('starts'), Float64Array, [size.vocabulary + 1])
  const { values: labels } = await readArray(path('labels'), Int32Array, [null])
  const { values: counts } = await readArray(path('counts'), Float32Array, [labels.length])
  requireBelow(path('labels'), labels, size.labels)
  for (const [name, values] of [
    ['documents', documents],
    ['counts', counts],
  ] as const)
    requireFinite(path(name), values)
  const ascending =
    starts[0] === 0 && starts.every((start, i) => Number.isInteger(start) && (i === 0 || start >= starts[i - 1]!))
  if (!ascending || starts.at(-1) !== labels.length)
    throw damagedFile(path('starts'), `its offsets do not ascend from 0 to ${labels.length}`)
  return { settings, kept, documents, counts: { starts, labels, counts } }
}

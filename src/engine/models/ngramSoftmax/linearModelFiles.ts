import { join } from 'node:path'
import { z } from 'zod'
import { ngramSoftmaxSettings } from '#protocol/models/ngramSoftmax.ts'
import { damagedFile, readJson, requireBelow, requireFinite } from '#engine/files/artefactFile.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { readArray, writeNpy } from '#engine/files/npy.ts'
import type { ModelSize } from '#engine/models/method.ts'
import { hashedSize } from './features.ts'
import type { LinearModel } from './linearModel.ts'
import { slotCount } from './ngramReader.ts'

const modelFile = z.object({
  format: z.literal('isogloss-ngram-softmax'),
  settings: ngramSoftmaxSettings,
  tokenisation: z.enum(['text', 'answers']),
  hashed: z.boolean(),
  wordColumns: z.number().int().min(0),
  smoothingKm: z.number().positive().nullable(),
})

/** Writes model.json, prior.npy, idf.npy, scales.npy, weights.npy (columns x labels, a byte each) and, unless they are hashed, slots.npy. */
export async function saveLinearModel(
  directory: string,
  { settings, tokenisation, features, weights, scales, prior, smoothingKm }: LinearModel,
): Promise<void> {
  const { slots, idf, wordColumns } = features
  const path = (name: string) => join(directory, `${name}.npy`)
  if (slots) await writeNpy(path('slots'), slots)
  await writeNpy(path('prior'), prior)
  await writeNpy(path('idf'), idf)
  await writeNpy(path('scales'), scales)
  await writeNpy(path('weights'), weights, [idf.length, prior.length])
  const file: z.input<typeof modelFile> = {
    format: 'isogloss-ngram-softmax',
    settings,
    tokenisation,
    hashed: slots === null,
    wordColumns,
    smoothingKm,
  }
  await writeFileAtomically(join(directory, 'model.json'), `${JSON.stringify(file, null, 1)}\n`)
}

/** @throws EngineError 'file/damaged' */
export async function loadLinearModel(directory: string, size: ModelSize): Promise<LinearModel> {
  const path = (name: string) => join(directory, `${name}.npy`)
  const modelPath = join(directory, 'model.json')
  const { settings, tokenisation, hashed, wordColumns, smoothingKm } = await readJson(modelPath, modelFile)
  const { values: prior } = await readArray(path('prior'), Float64Array, [size.labels])
  const { values: idf } = await readArray(path('idf'), Float32Array, [hashed ? hashedSize : null])
  const { values: scales } = await readArray(path('scales'), Float32Array, [idf.length])
  const { values: weights } = await readArray(path('weights'), Int8Array, [idf.length, size.labels])
  const slots = hashed ? null : (await readArray(path('slots'), Int32Array, [idf.length])).values
  if (slots) requireBelow(path('slots'), slots, slotCount)
  for (const [name, values] of [
    ['prior', prior],
    ['idf', idf],
    ['scales', scales],
  ] as const)
    requireFinite(path(name), values)
  if (wordColumns > idf.length)
    throw damagedFile(modelPath, `it has ${wordColumns} columns of words, of ${idf.length} columns in all`)
  if (!prior.every((share) => share > 0)) throw damagedFile(path('prior'), 'a share in it is not above 0')
  return { settings, tokenisation, features: { slots, idf, wordColumns }, weights, scales, prior, smoothingKm }
}

import { join } from 'node:path'
import { z } from 'zod'
import { mlpSettings, type MlpSettings } from '#protocol/models/mlp.ts'
import { damagedFile, readJson, requireFinite } from '#engine/files/artefactFile.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { readArray, writeNpy } from '#engine/files/npy.ts'
import type { TfIdf } from '#engine/models/learning/tfIdf.ts'
import type { ModelSize } from '../method.ts'
import { sizeOf, type PerceptronShape } from './perceptron.ts'

/** A trained model as it is kept. */
export interface MlpModel {
  settings: MlpSettings
  tfIdf: TfIdf
  shape: PerceptronShape
  weights: Float32Array
}

const modelFile = z.object({ format: z.literal('isogloss-mlp'), settings: mlpSettings })

/** Writes model.json, columns.npy, idf.npy and weights.npy. */
export async function saveMlp(directory: string, { settings, tfIdf, weights }: MlpModel): Promise<void> {
  await writeNpy(join(directory, 'columns.npy'), tfIdf.columnOf)
  await writeNpy(join(directory, 'idf.npy'), tfIdf.idf)
  await writeNpy(join(directory, 'weights.npy'), weights)
  const file: z.input<typeof modelFile> = { format: 'isogloss-mlp', settings }
  await writeFileAtomically(join(directory, 'model.json'), `${JSON.stringify(file, null, 1)}\n`)
}

/** @throws EngineError 'file/damaged' */
export async function loadMlp(directory: string, size: ModelSize): Promise<MlpModel> {
  const path = (name: string) => join(directory, `${name}.npy`)
  const { settings } = await readJson(join(directory, 'model.json'), modelFile)
  const { values: columnOf } = await readArray(path('columns'), Int32Array, [size.vocabulary])
  const { values: idf } = await readArray(path('idf'), Float32Array, [null])
  const shape = { columns: idf.length, hidden: settings.hidden, labels: size.labels }
  const { values: weights } = await readArray(path('weights'), Float32Array, [sizeOf(shape)])
  for (const [name, values] of Object.entries({ idf, weights })) requireFinite(path(name), values)
  if (!columnOf.every((column) => column >= -1 && column < idf.length))
    throw damagedFile(path('columns'), `a column in it is not one of ${idf.length}`)
  return { settings, tfIdf: { frequency: settings.frequency, columnOf, idf }, shape, weights }
}

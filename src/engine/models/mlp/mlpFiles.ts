import { join } from 'node:path'
import { z } from 'zod'
import { mlpSettings, type MlpSettings } from '#protocol/models/mlp.ts'
import { readJson, requireFinite } from '#engine/files/artefactFile.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { readArray, writeNpy } from '#engine/files/npy.ts'
import type { TfIdf } from '#engine/models/learning/tfIdf.ts'
import { loadTfIdf, saveTfIdf } from '#engine/models/learning/tfIdfFiles.ts'
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
  const path = (name: string) => join(directory, `${name}.npy`)
  await saveTfIdf({ columns: path('columns'), idf: path('idf') }, tfIdf)
  await writeNpy(path('weights'), weights)
  const file: z.input<typeof modelFile> = { format: 'isogloss-mlp', settings }
  await writeFileAtomically(join(directory, 'model.json'), `${JSON.stringify(file, null, 1)}\n`)
}

/** @throws EngineError 'file/damaged' */
export async function loadMlp(directory: string, size: ModelSize): Promise<MlpModel> {
  const path = (name: string) => join(directory, `${name}.npy`)
  const { settings } = await readJson(join(directory, 'model.json'), modelFile)
  const tfIdf = await loadTfIdf({ columns: path('columns'), idf: path('idf') }, size.vocabulary, settings)
  const shape = { columns: tfIdf.idf.length, hidden: settings.hidden, labels: size.labels }
  const { values: weights } = await readArray(path('weights'), Float32Array, [sizeOf(shape)])
  requireFinite(path('weights'), weights)
  return { settings, tfIdf, shape, weights }
}

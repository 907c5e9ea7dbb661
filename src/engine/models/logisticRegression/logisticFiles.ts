import { join } from 'node:path'
import { z } from 'zod'
import { logisticRegressionSettings, type LogisticRegressionSettings } from '#protocol/models/logisticRegression.ts'
import { readJson, requireFinite } from '#engine/files/artefactFile.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { readArray, writeNpy } from '#engine/files/npy.ts'
import type { TfIdf } from '#engine/models/learning/tfIdf.ts'
import { loadTfIdf, saveTfIdf } from '#engine/models/learning/tfIdfFiles.ts'
import type { ModelSize } from '../method.ts'

/** A trained model as it is kept. */
export interface LogisticModel {
  settings: LogisticRegressionSettings
  tfIdf: TfIdf
  /** columns x labels */
  weights: Float32Array
  biases: Float64Array
  /** Share of each label in what the model was trained towards. */
  prior: Float64Array
}

const modelFile = z.object({ format: z.literal('isogloss-logistic-regression'), settings: logisticRegressionSettings })

/** Writes model.json, columns.npy, idf.npy, weights.npy (columns x labels), biases.npy and prior.npy. */
export async function saveLogistic(
  directory: string,
  { settings, tfIdf, weights, biases, prior }: LogisticModel,
): Promise<void> {
  const path = (name: string) => join(directory, `${name}.npy`)
  await saveTfIdf({ columns: path('columns'), idf: path('idf') }, tfIdf)
  await writeNpy(path('weights'), weights, [tfIdf.idf.length, biases.length])
  await writeNpy(path('biases'), biases)
  await writeNpy(path('prior'), prior)
  const file: z.input<typeof modelFile> = { format: 'isogloss-logistic-regression', settings }
  await writeFileAtomically(join(directory, 'model.json'), `${JSON.stringify(file, null, 1)}\n`)
}

/** @throws EngineError 'file/damaged' */
export async function loadLogistic(directory: string, size: ModelSize): Promise<LogisticModel> {
  const path = (name: string) => join(directory, `${name}.npy`)
  const { settings } = await readJson(join(directory, 'model.json'), modelFile)
  const tfIdf = await loadTfIdf({ columns: path('columns'), idf: path('idf') }, size.vocabulary, settings)
  const { values: weights } = await readArray(path('weights'), Float32Array, [tfIdf.idf.length, size.labels])
  const { values: biases } = await readArray(path('biases'), Float64Array, [size.labels])
  const { values: prior } = await readArray(path('prior'), Float64Array, [size.labels])
  for (const [name, values] of Object.entries({ weights, biases, prior })) requireFinite(path(name), values)
  return { settings, tfIdf, weights, biases, prior }
}

import { join } from 'node:path'
import { z } from 'zod'
import { mixtureDensitySettings } from '#protocol/models/mixtureDensity.ts'
import { damagedFile, readJson, requireFinite } from '#engine/files/artefactFile.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { readArray, writeNpy } from '#engine/files/npy.ts'
import { loadTfIdf, saveTfIdf } from '#engine/models/learning/tfIdfFiles.ts'
import type { ModelSize } from '../method.ts'
import { densityPlane } from './densityPlane.ts'
import { valuesPerGaussian } from './gaussians.ts'
import type { MixtureModel } from './mixtureModel.ts'

const modelFile = z.object({
  format: z.literal('isogloss-mixture-density'),
  settings: mixtureDensitySettings,
  plane: densityPlane,
})

/** Writes model.json, columns.npy, idf.npy, and the weights: input, inputBias, output, outputBias and gaussians. */
export async function saveMixture(
  directory: string,
  { settings, plane, tfIdf, shape, weights }: MixtureModel,
): Promise<void> {
  const path = (name: string) => join(directory, `${name}.npy`)
  await saveTfIdf({ columns: path('columns'), idf: path('idf') }, tfIdf)
  await writeNpy(path('input'), weights.input, [shape.columns, shape.hidden])
  await writeNpy(path('inputBias'), weights.inputBias)
  await writeNpy(path('output'), weights.output, [shape.hidden, shape.components])
  await writeNpy(path('outputBias'), weights.outputBias)
  await writeNpy(path('gaussians'), weights.gaussians, [shape.components, valuesPerGaussian])
  const file: z.input<typeof modelFile> = { format: 'isogloss-mixture-density', settings, plane }
  await writeFileAtomically(join(directory, 'model.json'), `${JSON.stringify(file, null, 1)}\n`)
}

/** @throws EngineError 'file/damaged' */
export async function loadMixture(directory: string, size: ModelSize): Promise<MixtureModel> {
  const path = (name: string) => join(directory, `${name}.npy`)
  const { settings, plane } = await readJson(join(directory, 'model.json'), modelFile)
  const tfIdf = await loadTfIdf({ columns: path('columns'), idf: path('idf') }, size.vocabulary, settings)
  const { values: outputBias } = await readArray(path('outputBias'), Float32Array, [null])
  const shape = { columns: tfIdf.idf.length, hidden: settings.hidden, components: outputBias.length }
  const read = async (name: string, lengths: number[]) => (await readArray(path(name), Float32Array, lengths)).values
  const weights = {
    input: await read('input', [shape.columns, shape.hidden]),
    inputBias: await read('inputBias', [shape.hidden]),
    output: await read('output', [shape.hidden, shape.components]),
    outputBias,
    gaussians: await read('gaussians', [shape.components, valuesPerGaussian]),
  }
  for (const [name, values] of Object.entries(weights)) requireFinite(path(name), values)
  if (shape.components === 0) throw damagedFile(path('outputBias'), 'it holds no Gaussian')
  return { settings, plane, tfIdf, shape, weights }
}

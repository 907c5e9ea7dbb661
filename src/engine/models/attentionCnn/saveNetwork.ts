import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { AttentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { Matrix } from '#engine/embeddings/vectors.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import type { CoordinateScale } from '#engine/models/learning/coordinateScale.ts'
import { listParameters, sizeOf } from './parameters.ts'
import type { NetworkWeights } from './predict.ts'

interface ModelFile {
  format: 'isogloss-attention-cnn'
  generatedBy: string
  weightsManifest: { paths: string[]; weights: { name: string; shape: number[]; dtype: 'float32' }[] }[]
  userDefinedMetadata: {
    settings: AttentionCnnSettings
    scale: CoordinateScale | null
    dimensions: number
    labelCount: number
    /** Whether the word vectors were trained and lie in the weights; frozen ones stay with their embedding. */
    ownVectors: boolean
  }
}

/**
 * Writes model.json and weights.bin in TensorFlow.js's model format (weightsManifest: little-endian float32,
 * in the order of the manifest).
 */
export async function saveNetwork(directory: string, weights: NetworkWeights, scale: CoordinateScale | null): Promise<void> {
  const { settings, parameters, values, vectors } = weights
  const ownVectors = settings.fineTune
  const specs = parameters.map(({ name, shape }) => ({ name, shape, dtype: 'float32' as const }))
  if (ownVectors) specs.push({ name: 'words/vectors', shape: [vectors.rows, vectors.columns], dtype: 'float32' })
  const model: ModelFile = {
    format: 'isogloss-attention-cnn',
    generatedBy: 'Isogloss',
    weightsManifest: [{ paths: ['weights.bin'], weights: specs }],
    userDefinedMetadata: {
      settings,
      scale,
      dimensions: vectors.columns,
      labelCount: parameters.find(({ name }) => name === 'labels/bias')!.shape[0]!,
      ownVectors,
    },
  }
  const parts = ownVectors ? [values, vectors.values] : [values]
  const bytes = parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
  await writeFileAtomically(join(directory, 'weights.bin'), bytes.length === 1 ? bytes[0]! : Buffer.concat(bytes))
  await writeFileAtomically(join(directory, 'model.json'), JSON.stringify(model, null, 1))
}

/**
 * Reads what `saveNetwork` wrote.
 * @param frozenVectors reads the embedding's vectors, called where the model has none of its own
 */
export async function loadNetwork(
  directory: string,
  frozenVectors: () => Promise<Matrix>,
): Promise<{ weights: NetworkWeights; scale: CoordinateScale | null }> {
  const model = JSON.parse(await readFile(join(directory, 'model.json'), 'utf8')) as ModelFile
  const { settings, scale, dimensions, labelCount, ownVectors } = model.userDefinedMetadata
  const bytes = await readFile(join(directory, 'weights.bin'))
  const all = new Float32Array(new Uint8Array(bytes).buffer)
  const parameters = listParameters(settings, { dimensions, labelCount })
  const own = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const listed = model.weightsManifest.flatMap(({ weights }) => weights).reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  if (all.length !== listed) {
    throw new EngineError(
      'run/model-damaged',
      `${directory} holds ${all.length} weights, expected ${listed}. Delete the run in Artefacts and train it again.`,
    )
  }
  const vectors = ownVectors
    ? { rows: (all.length - own) / dimensions, columns: dimensions, values: all.subarray(own) }
    : await frozenVectors()
  return { weights: { settings, parameters, values: all.subarray(0, own), vectors }, scale }
}

import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { attentionCnnSettings } from '#protocol/models/attentionCnn.ts'
import type { Matrix } from '#engine/embeddings/vectors.ts'
import { damagedFile, fillFrom, readJson, requireFinite, withArtefactFile } from '#engine/files/artefactFile.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { coordinateScale, type CoordinateScale } from '#engine/models/learning/coordinateScale.ts'
import { labelCountOf, listParameters, sizeOf, type Parameter } from './parameters.ts'
import type { NetworkWeights } from './predict.ts'
import { ngramRowCount } from './wordRows.ts'

const size = z.number().int().positive()

const modelFile = z.object({
  format: z.literal('isogloss-attention-cnn'),
  generatedBy: z.string(),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(z.object({ name: z.string(), shape: z.array(size), dtype: z.literal('float32') })),
    }),
  ),
  userDefinedMetadata: z.object({
    settings: attentionCnnSettings,
    scale: coordinateScale.nullable(),
    dimensions: size,
    /** 0 without labels. */
    labelCount: z.number().int().min(0),
    /** Whether the word vectors were trained and lie in the weights; frozen ones stay with their embedding. */
    ownVectors: z.boolean(),
  }),
})
type ModelFile = z.infer<typeof modelFile>

/**
 * Writes model.json and weights.bin in TensorFlow.js's model format (weightsManifest: little-endian float32,
 * in the order of the manifest).
 */
export async function saveNetwork(
  directory: string,
  weights: NetworkWeights,
  scale: CoordinateScale | null,
): Promise<void> {
  const { settings, parameters, values, vectors } = weights
  const ownVectors = settings.fineTune
  const model: ModelFile = {
    format: 'isogloss-attention-cnn',
    generatedBy: 'Isogloss',
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs(parameters, ownVectors ? vectors : null) }],
    userDefinedMetadata: {
      settings,
      scale,
      dimensions: vectors.columns,
      labelCount: labelCountOf(parameters),
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
 * @param expected of the vocabulary and of the label set that the network was trained with
 * @param frozenVectors reads the embedding's vectors, called where the model has none of its own
 * @throws EngineError 'file/damaged'
 */
export async function loadNetwork(
  directory: string,
  expected: { words: number; labelCount: number },
  frozenVectors: () => Promise<Matrix>,
): Promise<{ weights: NetworkWeights; scale: CoordinateScale | null }> {
  const [modelPath, weightsPath] = [join(directory, 'model.json'), join(directory, 'weights.bin')]
  const { userDefinedMetadata, weightsManifest } = await readJson(modelPath, modelFile)
  const { settings, scale, dimensions, labelCount, ownVectors } = userDefinedMetadata
  if (labelCount !== expected.labelCount)
    throw damagedFile(modelPath, `it tells ${labelCount} labels apart, expected ${expected.labelCount}`)
  if (settings.tasks.includes('coordinates') !== (scale !== null))
    throw damagedFile(modelPath, 'its tasks and its scale of coordinates do not belong together')
  const parameters = listParameters(settings, { dimensions, labelCount })
  const rows = expected.words + ngramRowCount(settings)
  const wanted = weightSpecs(parameters, ownVectors ? { rows, columns: dimensions } : null)
  if (
    !isDeepStrictEqual(
      weightsManifest.flatMap(({ weights }) => weights),
      wanted,
    )
  )
    throw damagedFile(modelPath, 'its weights are not those of its settings')
  const all = await readWeights(
    weightsPath,
    wanted.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
  )
  const own = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const vectors = ownVectors ? { rows, columns: dimensions, values: all.subarray(own) } : await frozenVectors()
  if (vectors.columns !== dimensions)
    throw damagedFile(modelPath, `it reads vectors of ${dimensions} dimensions, its embedding has ${vectors.columns}`)
  return { weights: { settings, parameters, values: all.subarray(0, own), vectors }, scale }
}

const weightSpecs = (parameters: Parameter[], vectors: Pick<Matrix, 'rows' | 'columns'> | null) =>
  [...parameters, ...(vectors ? [{ name: 'words/vectors', shape: [vectors.rows, vectors.columns] }] : [])].map(
    ({ name, shape }) => ({ name, shape, dtype: 'float32' as const }),
  )

const readWeights = (path: string, count: number): Promise<Float32Array> =>
  withArtefactFile(path, async (file, bytes) => {
    if (bytes !== 4 * count) throw damagedFile(path, `it has ${bytes} bytes, expected ${4 * count}`)
    const values = new Float32Array(count)
    await fillFrom(file, path, 0, new Uint8Array(values.buffer))
    requireFinite(path, values)
    return values
  })

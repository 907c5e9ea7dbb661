import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { Vocabulary } from '#engine/corpus/vocabulary/vocabulary.ts'
import { refuseExisting, writeNewFile } from '#engine/files/newFile.ts'
import { centresOf } from '#engine/labels/labelCentres.ts'
import { portableDecision } from '#engine/models/learning/portableDecision.ts'
import type { PortableModel, PortableTensor } from '#engine/models/method.ts'
import { version } from '#engine/version.ts'
import type { ArtefactStore } from './artefactStore.ts'
import { loadRun, type LoadedRun } from './predictText.ts'

/** What was written, and how the model is read: `tfjs` in TensorFlow.js's layout, `safetensors` as one file. */
export interface ExportedModel {
  directory: string
  form: PortableModel['form']
  files: string[]
}

/**
 * Writes a run's model into a new folder, with a program that predicts by it without Isogloss.
 * @throws EngineError 'export/not-portable' where the run's method has no form that others read, 'export/exists'
 */
export async function exportModel(
  store: ArtefactStore,
  runId: string,
  form: PortableModel['form'],
  directory: string,
): Promise<ExportedModel> {
  await refuseExisting(directory)
  const run = await loadRun(store, runId)
  const model = run.model.portable?.()
  if (model?.form !== form)
    throw new EngineError(
      'export/not-portable',
      `The model of run ${runId} ${model ? `is exported as ${model.form}, found ${form}` : 'has no form that other programs read'}. A network of labels, alone or joint with coordinates, is exported as tfjs, ngram-softmax as safetensors.`,
    )
  const { labels } = run.labelSet!
  const placed = portableDecision(run.rule, centresOf(labels))
  const told = {
    ...model.settings,
    labels: labels.map(({ name, lat, lon }) => ({ name, lat, lon })),
    decision: placed && placed.decision,
  }
  const losses: PortableTensor[] = placed
    ? [{ name: 'decision/losses', shape: [placed.losses.length / labels.length, labels.length], values: placed.losses }]
    : []
  await mkdir(directory)
  const put = async (name: string, parts: (string | Uint8Array)[]) => {
    await writeNewFile(join(directory, name), async (file) => {
      for (const part of parts) await file.appendFile(part)
    })
    return name
  }
  const tensors = [...model.tensors, ...losses]
  const files =
    form === 'tfjs'
      ? await writeLayers(put, tensors, told, run)
      : [await put('model.safetensors', safetensors(tensors, told))]
  return { directory, form, files: [...files, await put('load.mjs', [model.program])] }
}

type Put = (name: string, parts: (string | Uint8Array)[]) => Promise<string>

/** model.json and weights.bin as TensorFlow.js lays them out, and what words are read by. */
async function writeLayers(
  put: Put,
  tensors: PortableTensor[],
  told: Record<string, unknown>,
  { vocabulary }: LoadedRun,
): Promise<string[]> {
  const model = {
    format: 'isogloss-attention-cnn',
    generatedBy: `Isogloss ${version}`,
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: tensors.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })),
      },
    ],
    userDefinedMetadata: { ...told, ...readingOf(vocabulary!) },
  }
  const words = { words: vocabulary!.words, rareWords: [...vocabulary!.rareWords] }
  return [
    await put('model.json', [`${JSON.stringify(model)}\n`]),
    await put('weights.bin', tensors.map(bytesOf)),
    await put('vocabulary.json', [`${JSON.stringify(words)}\n`]),
  ]
}

const readingOf = ({ settings, resources: { tokenisation, stopWords, placeNames } }: Vocabulary) => ({
  preprocess: settings,
  tokenisation,
  stopWords: [...stopWords],
  placeNames: [...placeNames.names],
  longestPlaceName: placeNames.longest,
})

/** Hugging Face's format: the header's length in eight bytes, a header in JSON, and the tensors one after the other. */
function safetensors(tensors: PortableTensor[], told: Record<string, unknown>): (string | Uint8Array)[] {
  const header: Record<string, unknown> = {
    __metadata__: { format: 'isogloss-ngram-softmax', isogloss: JSON.stringify(told) },
  }
  let offset = 0
  for (const { name, shape, values } of tensors) {
    const end = offset + values.byteLength
    header[name] = { dtype: dtypeOf(values), shape, data_offsets: [offset, end] }
    offset = end
  }
  // Blanks bring the tensors to a multiple of eight bytes, as the format asks for.
  const text = Buffer.from(JSON.stringify(header))
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')])
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  return [length, padded, ...tensors.map(bytesOf)]
}

const bytesOf = ({ values }: PortableTensor) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

function dtypeOf(values: PortableTensor['values']): string {
  if (values instanceof Float64Array) return 'F64'
  if (values instanceof Float32Array) return 'F32'
  return values instanceof Int32Array ? 'I32' : 'I8'
}

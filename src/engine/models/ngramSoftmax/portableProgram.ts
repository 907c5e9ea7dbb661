import type { NgramSoftmaxSettings } from '#protocol/models/ngramSoftmax.ts'
import { candidateOf } from '#engine/models/learning/expectedLoss.ts'
import type { PortableDecision } from '#engine/models/learning/portableDecision.ts'
import { featureSettings, logPosterior, type LinearModel } from './linearModel.ts'
import { Vectoriser } from './vectoriser.ts'

/** Exported models carry this module, with all that it imports in one file: nothing of it may need Node. */

/** What is no tensor. */
interface Settings {
  settings: NgramSoftmaxSettings
  tokenisation: LinearModel['tokenisation']
  wordColumns: number
  smoothingKm: number | null
  labels: { name: string; lat: number; lon: number }[]
  decision: PortableDecision | null
}

const kinds = { F64: Float64Array, F32: Float32Array, I32: Int32Array, I8: Int8Array }

interface Header {
  [name: string]: { dtype: keyof typeof kinds; data_offsets: [number, number] }
}

/** A file of safetensors: the length of its header in eight bytes, the header in JSON, the tensors. */
function readTensors(bytes: ArrayBuffer) {
  const length = Number(new DataView(bytes).getBigUint64(0, true))
  const { __metadata__: told, ...header } = JSON.parse(
    new TextDecoder().decode(new Uint8Array(bytes, 8, length)),
  ) as Header & { __metadata__: unknown }
  const tensor = <Kind extends keyof typeof kinds>(name: string, kind: Kind) => {
    const found = header[name]
    if (!found) return null
    const [start, end] = found.data_offsets
    return new kinds[kind](bytes.slice(8 + length + start, 8 + length + end)) as InstanceType<(typeof kinds)[Kind]>
  }
  return { tensor, settings: JSON.parse((told as { isogloss: string }).isogloss) as Settings }
}

/**
 * Opens model.safetensors: `openModel(bytes).predict('a text')`.
 * @param bytes of the file
 */
export function openModel(bytes: ArrayBuffer) {
  const { tensor, settings: told } = readTensors(bytes)
  const { labels, decision } = told
  const model: LinearModel = {
    ...told,
    features: { slots: tensor('slots', 'I32'), idf: tensor('idf', 'F32')!, wordColumns: told.wordColumns },
    weights: tensor('weights', 'I8')!,
    scales: tensor('scales', 'F32')!,
    prior: tensor('prior', 'F64')!,
  }
  const vectoriser = new Vectoriser(model.features, featureSettings(model.settings, model.tokenisation))
  const losses = tensor('decision/losses', 'F32')
  const logPrior = decision && Float64Array.from(decision.prior, Math.log)
  return {
    predict(text: string) {
      const logProbabilities = new Float32Array(labels.length)
      logPosterior(model, vectoriser, text, logProbabilities)
      const mostProbable = logProbabilities.indexOf(Math.max(...logProbabilities))
      const place = decision
        ? candidateOf(logProbabilities, { sharpen: decision.sharpen, logPrior: logPrior!, losses: losses! })
        : mostProbable
      const label = decision?.areLabels ? place : mostProbable
      const { lat, lon } = decision
        ? { lat: decision.candidates.lat[place]!, lon: decision.candidates.lon[place]! }
        : labels[label]!
      return { label, name: labels[label]!.name, lat, lon, logProbabilities: Array.from(logProbabilities) }
    },
  }
}

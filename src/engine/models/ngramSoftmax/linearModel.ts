import type { NgramSoftmaxSettings } from '#protocol/models/ngramSoftmax.ts'
import type { StageContext } from '#engine/context.ts'
import type { ModelDocuments } from '#engine/models/method.ts'
import type { Posterior } from '#engine/models/learning/posterior.ts'
import { eachText } from './eachText.ts'
import { setOf, type Features, type FeatureSettings } from './features.ts'
import type { Vectoriser } from './vectoriser.ts'

/** A trained model as it is kept. Weights of column c are `scales[c]` times `weights[c * labels .. + labels - 1]`. */
export interface LinearModel {
  settings: NgramSoftmaxSettings
  tokenisation: 'text' | 'answers'
  features: Features
  weights: Int8Array
  scales: Float32Array
  /** Share of each label in what the model was trained towards; its logarithm is the label's bias. */
  prior: Float64Array
  /** Of soft targets; null for hard ones. */
  smoothingKm: number | null
}

/** How a model reads texts. */
export const featureSettings = (
  settings: NgramSoftmaxSettings,
  tokenisation: LinearModel['tokenisation'],
): FeatureSettings => ({ ...settings, tokenisation })

/** Weights in one byte each: the greatest of a column is 127. */
export function quantised(weights: Float32Array, labelCount: number): Pick<LinearModel, 'weights' | 'scales'> {
  const columnCount = weights.length / labelCount
  const bytes = new Int8Array(weights.length)
  const scales = new Float32Array(columnCount)
  for (let column = 0; column < columnCount; column++) {
    const at = column * labelCount
    let greatest = 0
    for (let label = 0; label < labelCount; label++) greatest = Math.max(greatest, Math.abs(weights[at + label]!))
    scales[column] = greatest / 127
    for (let label = 0; label < labelCount; label++)
      bytes[at + label] = greatest === 0 ? 0 : Math.round((127 * weights[at + label]!) / greatest)
  }
  return { weights: bytes, scales }
}

/** log P(label | document) of chosen documents, each of which is chosen once: a document without a known n-gram has the prior. */
export async function posteriorOf(
  model: LinearModel,
  vectoriser: Vectoriser,
  documents: ModelDocuments,
  chosen: Int32Array,
  context: Pick<StageContext, 'signal'>,
): Promise<Posterior> {
  const labelCount = model.prior.length
  const rowOf = new Map(Array.from(chosen, (document, row) => [document, row]))
  const logProbabilities = new Float32Array(chosen.length * labelCount)
  const visit = (document: number, text: string) => {
    const start = rowOf.get(document)! * labelCount
    logPosterior(model, vectoriser, text, logProbabilities.subarray(start, start + labelCount))
  }
  await eachText(documents, setOf(chosen), visit, context)
  return { labelCount, logProbabilities }
}

/** log P(label | text) of each label. */
export function logPosterior(model: LinearModel, vectoriser: Vectoriser, text: string, into: Float32Array): void {
  vectoriser.read(text)
  const logits = new Float64Array(into.length)
  writeLogits(model, vectoriser, logits)
  const greatest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity)
  const logNorm = greatest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - greatest), 0))
  for (let label = 0; label < into.length; label++) into[label] = logits[label]! - logNorm
}

/** The labels' scores of the text that was read last. */
export function writeLogits(
  { prior, weights, scales }: LinearModel,
  { columns, values, size }: Vectoriser,
  logits: Float64Array,
): void {
  const labelCount = prior.length
  for (let label = 0; label < labelCount; label++) logits[label] = Math.log(prior[label]!)
  for (let i = 0; i < size; i++) {
    const column = columns[i]!
    const [at, strength] = [column * labelCount, values[i]! * scales[column]!]
    for (let label = 0; label < labelCount; label++) logits[label]! += strength * weights[at + label]!
  }
}

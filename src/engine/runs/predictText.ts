import type { Prediction } from '#protocol/results.ts'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import { loadVocabulary, type Vocabulary } from '#engine/corpus/vocabulary/vocabulary.ts'
import { loadVectors } from '#engine/embeddings/vectors.ts'
import { loadLabelSet, type LabelSet } from '#engine/labels/labelSet.ts'
import { toDegrees, type CoordinateScale } from '#engine/models/attentionCnn/coordinateScale.ts'
import { decideLabels } from '#engine/models/attentionCnn/decide.ts'
import { attentionSpans, occlusion } from '#engine/models/attentionCnn/explain.ts'
import { predictDocuments, type NetworkWeights } from '#engine/models/attentionCnn/predict.ts'
import { scaleVectors } from '#engine/models/attentionCnn/wordVectors.ts'
import { loadNetwork } from '#engine/models/attentionCnn/saveNetwork.ts'
import { join } from 'node:path'
import type { ArtefactStore } from './artefactStore.ts'

/** How many labels a prediction lists. */
const listedLabels = 10

export interface Predictor {
  predict(text: string, signal: AbortSignal): Promise<Prediction>
}

interface LoadedRun {
  vocabulary: Vocabulary
  labelSet: LabelSet
  weights: NetworkWeights
  scale: CoordinateScale | null
}

/** Loads a finished run with everything that it reads texts by. */
export async function openPredictor(store: ArtefactStore, runId: string): Promise<Predictor> {
  const { recipe } = await store.manifest('run', runId)
  const { labels, embedding } = recipe as { labels: string; embedding: string }
  const { recipe: embeddingRecipe } = await store.manifest('embedding', embedding)
  const { vocabulary } = embeddingRecipe as { vocabulary: string }
  const run: LoadedRun = {
    vocabulary: await loadVocabulary(await store.whole('vocabulary', vocabulary)),
    labelSet: await loadLabelSet(await store.whole('labels', labels)),
    ...(await loadNetwork(join(store.place('run', runId), 'model'), async () => scaleVectors(await loadVectors(store.place('embedding', embedding))))),
  }
  return { predict: (text, signal) => predictText(run, text, signal) }
}

async function predictText({ vocabulary, labelSet, weights, scale }: LoadedRun, text: string, signal: AbortSignal): Promise<Prediction> {
  const { tf } = await loadTensorFlow()
  const encoded = vocabulary.encode(text)
  const documents = { ids: encoded.ids, offsets: Float64Array.of(0, encoded.ids.length) }
  const predictions = await predictDocuments(tf, weights, documents, Int32Array.of(0), { signal })
  const ranked = Array.from(predictions.logProbabilities.keys()).sort(
    (a, b) => predictions.logProbabilities[b]! - predictions.logProbabilities[a]! || a - b,
  )
  const { labels } = labelSet
  const centres = { lat: Float64Array.from(labels, (label) => label.lat), lon: Float64Array.from(labels, (label) => label.lon) }
  const best = decideLabels(tf, predictions, centres, weights.settings.decision)[0]!
  const { name, lat, lon } = labelSet.labels[best]!
  const head = scale && predictions.coordinates ? toDegrees(scale, predictions.coordinates) : null
  return {
    label: String(best),
    name,
    lon,
    lat,
    probabilities: ranked
      .slice(0, listedLabels)
      .map((label) => [labelSet.labels[label]!.name, Math.exp(predictions.logProbabilities[label]!)]),
    coordinates: head ? { lat: head.lat[0]!, lon: head.lon[0]! } : null,
    attention: attentionSpans(weights, encoded, predictions.weights[0]!),
    occlusion: await occlusion(tf, weights, encoded, best, { signal }),
    knownWords: encoded.ids.length,
    words: encoded.words,
  }
}

import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelSettings } from '#protocol/experiment.ts'
import type { EpochMetrics } from '#protocol/results.ts'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import type { StageContext } from '#engine/context.ts'
import { openCorpus } from '#engine/corpus/corpusReader.ts'
import { loadEncodedDocuments } from '#engine/corpus/vocabulary/vocabulary.ts'
import { loadVectors } from '#engine/embeddings/vectors.ts'
import { openDuckDb, writeTable } from '#engine/files/duckDb.ts'
import { haversineKm } from '#engine/geo/greatCircle.ts'
import { loadDocumentLabels, loadLabelSet } from '#engine/labels/labelSet.ts'
import { toDegrees } from '#engine/models/attentionCnn/coordinateScale.ts'
import { decideLabels } from '#engine/models/attentionCnn/decide.ts'
import { mostProbableLabels, predictDocuments } from '#engine/models/attentionCnn/predict.ts'
import { saveNetwork } from '#engine/models/attentionCnn/saveNetwork.ts'
import { scaleVectors } from '#engine/models/attentionCnn/wordVectors.ts'
import { trainingCheckpoints } from '#engine/models/attentionCnn/trainingCheckpoints.ts'
import { trainNetwork } from '#engine/models/attentionCnn/trainNetwork.ts'
import { withDevice } from './deviceLock.ts'
import { rowsOfFold } from './stages.ts'

export interface TrainingInputs {
  corpusDirectory: string
  vocabularyDirectory: string
  labelsDirectory: string
  embeddingDirectory: string
  checkpoint: string
}

/** Trains one run and writes its folder: model/, metrics.jsonl, predictions.parquet of development and test. */
export async function trainingStage(
  inputs: TrainingInputs,
  settings: ModelSettings,
  seed: number,
  directory: string,
  context: StageContext,
  onEpoch: (metrics: EpochMetrics) => void,
): Promise<void> {
  const { tf, device } = await loadTensorFlow()
  const corpus = await openCorpus(inputs.corpusDirectory)
  const { count, points } = corpus
  const train = rowsOfFold(corpus, 'train')
  const dev = rowsOfFold(corpus, 'dev')
  const test = rowsOfFold(corpus, 'test')
  corpus.close()
  const documents = await loadEncodedDocuments(inputs.vocabularyDirectory, count)
  const vectors = scaleVectors(await loadVectors(inputs.embeddingDirectory, documents.words))
  const { labels: labelRows } = await loadLabelSet(inputs.labelsDirectory)
  const labels = await loadDocumentLabels(inputs.labelsDirectory, count, labelRows.length)
  if (dev.length === 0) context.note('There is no development fold: every epoch is trained and the last one is kept.')

  await mkdir(inputs.checkpoint, { recursive: true })
  const nowMs = () => performance.now()
  const checkpoints = trainingCheckpoints(inputs.checkpoint, settings.fineTune ? null : vectors, nowMs)
  const centres = { lat: Float64Array.from(labelRows, ({ lat }) => lat), lon: Float64Array.from(labelRows, ({ lon }) => lon) }
  const input = { documents, train, dev, points, labels, centres, vectors }
  const trained = await withDevice(device, context, () =>
    trainNetwork(tf, settings, input, seed, checkpoints, context, { epoch: onEpoch, nowMs }),
  )

  await mkdir(join(directory, 'model'), { recursive: true })
  await saveNetwork(join(directory, 'model'), trained.weights, trained.scale)
  await writeFile(join(directory, 'metrics.jsonl'), '')
  for (const metrics of trained.epochs) await appendFile(join(directory, 'metrics.jsonl'), `${JSON.stringify(metrics)}\n`)

  const rows = Int32Array.from([...dev, ...test])
  const predictions = await predictDocuments(tf, trained.weights, documents, rows, context)
  const probable = mostProbableLabels(predictions)
  const guesses = decideLabels(tf, predictions, centres, settings.decision)
  const head = trained.scale && predictions.coordinates ? toDegrees(trained.scale, predictions.coordinates) : null
  const db = await openDuckDb({ allowedDirectories: [directory] })
  try {
    await writeTable(db, join(directory, 'predictions.parquet'), {
      row: { type: 'INTEGER', values: rows },
      fold: { type: 'VARCHAR', values: Array.from(rows, (_, i) => (i < dev.length ? 'dev' : 'test')) },
      lat: { type: 'DOUBLE', values: Float64Array.from(rows, (row) => points.lat[row]!) },
      lon: { type: 'DOUBLE', values: Float64Array.from(rows, (row) => points.lon[row]!) },
      label: { type: 'INTEGER', values: Int32Array.from(rows, (row) => labels[row]!) },
      predictedLabel: { type: 'INTEGER', values: probable },
      probability: {
        type: 'FLOAT',
        values: Float32Array.from(probable, (label, i) => Math.exp(predictions.logProbabilities[i * predictions.labelCount + label]!)),
      },
      guessLat: { type: 'DOUBLE', values: Float64Array.from(guesses, (label) => centres.lat[label]!) },
      guessLon: { type: 'DOUBLE', values: Float64Array.from(guesses, (label) => centres.lon[label]!) },
      errorKm: {
        type: 'DOUBLE',
        values: Float64Array.from(guesses, (label, i) =>
          haversineKm(points.lat[rows[i]!]!, points.lon[rows[i]!]!, centres.lat[label]!, centres.lon[label]!),
        ),
      },
      headLat: { type: 'DOUBLE', values: head ? head.lat : new Array<null>(rows.length).fill(null) },
      headLon: { type: 'DOUBLE', values: head ? head.lon : new Array<null>(rows.length).fill(null) },
    })
  } finally {
    db.close()
  }
}

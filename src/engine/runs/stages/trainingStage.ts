import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeModel, filesOfModel, needsOf, type ModelSettings } from '#protocol/models/models.ts'
import type { EpochMetrics } from '#protocol/runs.ts'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import type { StageContext } from '#engine/context.ts'
import { rowsOfFold } from '#engine/corpus/corpusFolds.ts'
import { noTexts, openCorpus, type Corpus } from '#engine/corpus/corpusReader.ts'
import { loadEncodedDocuments } from '#engine/corpus/vocabulary/vocabulary.ts'
import { loadVectors } from '#engine/embeddings/vectors.ts'
import { loadDocumentLabels, loadLabelSet } from '#engine/labels/labelSetFiles.ts'
import { centresOf } from '#engine/labels/labelCentres.ts'
import { noLabel } from '#engine/labels/scheme.ts'
import { saveExpectedLoss } from '#engine/models/learning/expectedLossFiles.ts'
import { fitPlaceRule } from '#engine/models/learning/placeRule.ts'
import type { ModelDocuments, TrainingData } from '#engine/models/method.ts'
import { methodOf } from '#engine/models/methods.ts'
import { saveCalibration } from '../calibrationFiles.ts'
import { calibrateRun } from '../calibrateRun.ts'
import { halveDevelopment } from '../halveDevelopment.ts'
import { partsWithPriors, type LoadedRun } from '../predictText.ts'
import type { CalibrationSettings } from '../recipes.ts'
import { readFeatures } from '../readFeatures.ts'
import { spelledDocuments } from '#engine/corpus/vocabulary/spelledDocuments.ts'
import { withDevice } from '../deviceLock.ts'
import { writePredictions } from '../writePredictions.ts'

/** Folders of what a run is made from. */
export interface TrainingInputs {
  corpusDirectory: string
  vocabularyDirectory: string
  /** null: the model needs no labels. */
  labelsDirectory: string | null
  embeddingDirectory: string
  checkpoint: string
  /** Runs that are averaged, each with its model's settings as the experiment has them; none where a model learns by itself. */
  parts: { run: LoadedRun; settings: ModelSettings; vocabularyDirectory: string }[]
}

export interface TrainedRun {
  settings: ModelSettings
  seed: number | null
  /** null: all of the development fold is the training's. */
  calibrate: CalibrationSettings | null
}

/**
 * Trains one run and writes its folder: model/, metrics.jsonl (of a method with a curve), predictions.parquet of development and
 * test, and calibration/ where that is asked for.
 */
export async function trainingStage(
  inputs: TrainingInputs,
  { settings, seed, calibrate }: TrainedRun,
  directory: string,
  context: StageContext,
  onEpoch: (metrics: EpochMetrics) => void,
): Promise<void> {
  const corpus = await openCorpus(inputs.corpusDirectory)
  try {
    if (corpus.withoutText) throw noTexts(inputs.corpusDirectory)
    const whole = await loadTrainingData(inputs, settings, corpus, context)
    const halves = calibrate && halveDevelopment(corpus, whole.dev, calibrate)
    const data = halves ? { ...whole, dev: halves.tuning } : whole
    const test = rowsOfFold(corpus, 'test')
    if (data.dev.length === 0 && describeModel(settings).hasCurve)
      context.note('There is no development fold: every epoch is trained and the last one is kept.')
    await mkdir(inputs.checkpoint, { recursive: true })
    const task = { seed, checkpoint: inputs.checkpoint, context, onEpoch, nowMs: () => performance.now() }
    const train = () => methodOf(settings).train(settings, data, task)
    const model =
      needsOf(settings).device === 'tensorflow'
        ? await withDevice((await loadTensorFlow()).device, context, train)
        : await train()

    await mkdir(join(directory, 'model'), { recursive: true })
    await model.save(join(directory, 'model'))
    if (model.epochs)
      await writeFile(
        join(directory, 'metrics.jsonl'),
        model.epochs.map((metrics) => `${JSON.stringify(metrics)}\n`).join(''),
      )
    const dev = model.testOnly ? new Int32Array() : data.dev
    const calibration = halves?.calibration ?? new Int32Array()
    const rows = Int32Array.from([...dev, ...calibration, ...test])
    const predictions = await model.predict(data.documents, rows, context)
    const rule = await fitPlaceRule(model, predictions, data, context)
    if (typeof rule !== 'string') await saveExpectedLoss(join(directory, 'model'), rule)
    const devCount = dev.length + calibration.length
    const written = { rows, devCount, points: corpus.points, labels: data.labels, predictions, rule }
    await writePredictions(join(directory, 'predictions.parquet'), written, context)
    if (halves && inputs.labelsDirectory !== null) {
      const { assign } = await loadLabelSet(inputs.labelsDirectory)
      const run = { corpus, data, predictions, rule, assign, rows: { tuning: dev, calibration, test } }
      await saveCalibration(join(directory, 'calibration'), await calibrateRun(run, context))
    }
  } finally {
    corpus.close()
  }
}

/** Loads what the method needs, and no more. */
async function loadTrainingData(
  inputs: TrainingInputs,
  settings: ModelSettings,
  corpus: Corpus,
  context: StageContext,
): Promise<TrainingData> {
  const needs = needsOf(settings)
  const labels = inputs.labelsDirectory === null ? null : await loadLabels(inputs.labelsDirectory, corpus.count)
  const withLabel = (rows: Int32Array) => (labels ? rows.filter((row) => labels.of[row] !== noLabel) : rows)
  const all = rowsOfFold(corpus, 'train')
  const train = withLabel(all)
  if (train.length < all.length)
    context.note(`${all.length - train.length} of ${all.length} training documents have no label; they are left out.`)
  const words = needs.input === 'words' ? await wordsFor(settings, inputs, corpus, context) : null
  const vocabularySize = words?.words ?? 0
  return {
    documents: words ? { input: 'words', words } : await documentsFor(settings, inputs, corpus, context),
    tokenisation: corpus.tokenisation,
    vocabularySize,
    train,
    dev: rowsOfFold(corpus, 'dev'),
    points: corpus.points,
    labels,
    vectors: needs.embedding ? await loadVectors(inputs.embeddingDirectory, vocabularySize) : null,
    ...(inputs.parts.length > 0
      ? {
          parts: partsWithPriors(
            inputs.parts.map(({ run }) => run),
            inputs.parts[0]!.run.labelSet!.labels,
          ),
        }
      : {}),
  }
}

/** The documents as a model reads them; as each of its parts does, where it averages some. */
async function documentsFor(
  settings: ModelSettings,
  inputs: Pick<TrainingInputs, 'vocabularyDirectory' | 'parts'>,
  corpus: Corpus,
  context: StageContext,
): Promise<ModelDocuments> {
  const { input } = needsOf(settings)
  switch (input) {
    case 'words':
      return { input, words: await wordsFor(settings, inputs, corpus, context) }
    case 'text':
      return { input, texts: () => corpus.texts() }
    case 'vectors':
      return { input, vectors: await readFeatures(filesOfModel(settings)[0]!, corpus.count) }
    case 'none':
      return { input, authors: () => corpus.authorNames() }
    case 'parts': {
      const read: ModelDocuments[] = []
      for (const part of inputs.parts)
        read.push(await documentsFor(part.settings, { ...part, parts: [] }, corpus, context))
      return { input, parts: read }
    }
    default:
      throw input satisfies never
  }
}

/** Words of the vocabulary, and those that it lacks where the model reads their spelling. */
const wordsFor = (
  settings: ModelSettings,
  { vocabularyDirectory }: Pick<TrainingInputs, 'vocabularyDirectory'>,
  corpus: Corpus,
  context: StageContext,
) =>
  needsOf(settings).spelling
    ? spelledDocuments(vocabularyDirectory, corpus, context)
    : loadEncodedDocuments(vocabularyDirectory, corpus.count)

async function loadLabels(directory: string, documents: number): Promise<NonNullable<TrainingData['labels']>> {
  const { labels } = await loadLabelSet(directory)
  return { of: await loadDocumentLabels(directory, documents, labels.length), centres: centresOf(labels) }
}

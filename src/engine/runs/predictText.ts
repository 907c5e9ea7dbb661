import { join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { LabelRow } from '#protocol/labelSets.ts'
import type { EnsembleSettings } from '#protocol/models/ensemble.ts'
import { needsOf, type ModelSettings } from '#protocol/models/models.ts'
import type { Explanation, PredictedRegion, Prediction } from '#protocol/runs.ts'
import { loadVocabulary, type Vocabulary } from '#engine/corpus/vocabulary/vocabulary.ts'
import {
  fitThresholds,
  scoresOf,
  type Calibration,
  type Thresholds,
} from '#engine/evaluation/uncertainty/conformalRegions.ts'
import { regionOf } from '#engine/evaluation/uncertainty/labelScores.ts'
import { uniformOfText } from '#engine/evaluation/uncertainty/uniformOfText.ts'
import { loadVectors } from '#engine/embeddings/vectors.ts'
import type { LabelSet } from '#engine/labels/assembleLabelSet.ts'
import { centresOf } from '#engine/labels/labelCentres.ts'
import { loadLabelSet } from '#engine/labels/labelSetFiles.ts'
import { noExplanation } from '#engine/models/learning/noExplanation.ts'
import { placeDocuments } from '#engine/models/learning/placeDocuments.ts'
import { loadPlaceRule, type PlaceRule } from '#engine/models/learning/placeRule.ts'
import type { Posterior } from '#engine/models/learning/posterior.ts'
import { ensembleOf } from '#engine/models/learning/ensembleOf.ts'
import type { EnsemblePart, TrainedModel } from '#engine/models/method.ts'
import { methodOf } from '#engine/models/methods.ts'
import type { ArtefactStore } from './artefactStore.ts'
import { loadCalibration } from './calibrationFiles.ts'
import { documentsOfTexts, occludeTokens } from './documentsOfTexts.ts'

/** How many labels a prediction lists. */
const listedLabels = 10

export interface PredictionOptions {
  /** Whether it is told why; a network's answer to that takes as many predictions as the text has words. */
  explain: boolean
  /** Of the regions, where the run was calibrated. */
  levels: number[]
  /** Whether each label has a threshold of its own. */
  perLabel: boolean
}

export interface Predictor {
  predict(text: string, signal: AbortSignal, options: PredictionOptions): Promise<Prediction>
  /** Why the model would say a label of a text. */
  explain(text: string, label: number, signal: AbortSignal): Promise<Explanation>
}

export interface LoadedRun {
  settings: ModelSettings
  /** Of its label set; null without labels. */
  labelsId: string | null
  /** The runs whose average it is. */
  parts: LoadedRun[]
  model: TrainedModel
  rule: PlaceRule
  /** null where the method reads the text itself. */
  vocabulary: Vocabulary | null
  vocabularyId: string | null
  labelSet: LabelSet | null
  /** null where it was not calibrated. */
  calibration: Calibration | null
}

/**
 * Loads a finished run with everything that it reads texts by.
 * @throws EngineError 'run/cannot-predict' where nothing of the run can answer for a new text
 */
export async function openPredictor(store: ArtefactStore, runId: string): Promise<Predictor> {
  const run = await loadRun(store, runId)
  if ([run, ...run.parts].some(({ settings }) => needsOf(settings).input === 'vectors'))
    throw new EngineError(
      'run/cannot-predict',
      `Run ${runId} reads vectors that somebody made of the corpus's documents; of a new text there is none. Choose a run that reads words.`,
    )
  const { model, vocabulary } = run
  const thresholds = new Map<string, Thresholds>()
  return {
    predict(text, signal, { explain, levels, perLabel }) {
      const key = `${perLabel} ${levels.join()}`
      if (run.calibration && !thresholds.has(key))
        thresholds.set(key, fitThresholds('area', run.calibration, levels, perLabel))
      return predictText({ ...run, thresholds: thresholds.get(key) ?? null }, text, signal, explain)
    },
    explain: (text, label, signal) =>
      model.explain({ text, words: vocabulary && vocabulary.encode(text) }, label, { signal }),
  }
}

/**
 * A finished run with everything that it reads texts by.
 * @throws EngineError 'run/cannot-predict' where nothing of the run can answer for a new text
 */
export async function loadRun(store: ArtefactStore, runId: string): Promise<LoadedRun> {
  const { recipe } = await store.manifest('run', runId)
  const { settings, labels, embedding, parts } = recipe as {
    settings: ModelSettings
    labels?: string
    embedding?: string
    parts?: string[]
  }
  if (settings.method === 'ensemble') return loadAverage(store, runId, settings, labels!, parts!)
  const { load } = methodOf(settings)
  if (!load)
    throw new EngineError(
      'run/cannot-predict',
      `Run ${runId} holds guesses that came from elsewhere; nothing in it can answer for a new text. Choose a run that was trained here.`,
    )
  const { input, spelling } = needsOf(settings)
  const vocabularyId = input === 'words' ? await vocabularyOfRun(store, recipe as RunInputs) : null
  const vocabulary =
    vocabularyId === null ? null : await loadVocabulary(await store.whole('vocabulary', vocabularyId), spelling)
  const labelSet = labels === undefined ? null : await loadLabelSet(await store.whole('labels', labels))
  const size = { vocabulary: vocabulary?.size ?? 0, labels: labelSet?.labels.length ?? 0 }
  const directory = join(store.place('run', runId), 'model')
  const model = await load(directory, size, async () =>
    loadVectors(await store.whole('embedding', embedding!), size.vocabulary),
  )
  return {
    settings,
    labelsId: labels ?? null,
    parts: [],
    model,
    rule: await loadPlaceRule(directory, model.decision, size.labels),
    vocabulary,
    vocabularyId,
    labelSet,
    calibration: (recipe as RunInputs).calibrate
      ? await loadCalibration(join(store.place('run', runId), 'calibration'))
      : null,
  }
}

/** A run that averages others, with these. */
async function loadAverage(
  store: ArtefactStore,
  runId: string,
  settings: EnsembleSettings,
  labelsId: string,
  partIds: string[],
): Promise<LoadedRun> {
  const parts = await loadParts(store, partIds, labelsId)
  const labelSet = await loadLabelSet(await store.whole('labels', labelsId))
  const model = ensembleOf(settings, partsWithPriors(parts, labelSet.labels))
  const place = store.place('run', runId)
  const { calibrate } = (await store.manifest('run', runId)).recipe as RunInputs
  return {
    settings,
    labelsId,
    parts,
    model: {
      ...model,
      explain: ({ text }, label, context) => occludeTokens(model, { vocabulary: null, parts }, text, label!, context),
    },
    rule: await loadPlaceRule(join(place, 'model'), settings, labelSet.labels.length),
    vocabulary: null,
    vocabularyId: null,
    labelSet,
    calibration: calibrate ? await loadCalibration(join(place, 'calibration')) : null,
  }
}

/**
 * Runs that are to be averaged.
 * @throws EngineError 'run/other-labels' where one was trained on other labels
 */
export async function loadParts(store: ArtefactStore, ids: string[], labelsId: string): Promise<LoadedRun[]> {
  const parts: LoadedRun[] = []
  for (const id of ids) {
    await store.whole('run', id)
    const part = await loadRun(store, id)
    if (part.labelsId !== labelsId)
      throw new EngineError(
        'run/other-labels',
        `Run ${id} has the labels ${part.labelsId ?? '(none)'}, expected ${labelsId}: only what is said of the same labels can be averaged. Name models that are trained on one label scheme.`,
        { run: id },
      )
    parts.push(part)
  }
  return parts
}

/** Models with the shares of labels that they were trained towards: those of the training documents where nothing else is known. */
export function partsWithPriors(parts: LoadedRun[], labels: LabelRow[]): EnsemblePart[] {
  const documents = labels.reduce((sum, label) => sum + label.documents, 0)
  const shares = Float64Array.from(labels, (label) => Math.max(label.documents, 0.5) / documents)
  return parts.map(({ model, rule }) => ({
    model,
    prior: typeof rule === 'string' ? (model.prior ?? shares) : rule.prior,
  }))
}

interface RunInputs {
  vocabulary?: string
  embedding?: string
  calibrate?: unknown
}

/** The vocabulary whose words a run reads: its own input, or its embedding's. */
async function vocabularyOfRun(store: ArtefactStore, { vocabulary, embedding }: RunInputs): Promise<string> {
  return vocabulary ?? ((await store.manifest('embedding', embedding!)).recipe as { vocabulary: string }).vocabulary
}

async function predictText(
  run: LoadedRun & { thresholds: Thresholds | null },
  text: string,
  signal: AbortSignal,
  explain: boolean,
): Promise<Prediction> {
  const { model, rule, vocabulary, labelSet, calibration, thresholds } = run
  const words = vocabulary && vocabulary.encode(text)
  const documents = documentsOfTexts(run, [text])
  const predictions = await model.predict(documents, Int32Array.of(0), { signal })
  const { labels, guess } = await placeDocuments(predictions, labelSet && centresOf(labelSet.labels), rule, { signal })
  const label = labels && labels[0]!
  const { posterior, coordinates } = predictions
  return {
    label: label === null ? null : String(label),
    name: label === null ? null : labelSet!.labels[label]!.name,
    lon: guess.lon[0]!,
    lat: guess.lat[0]!,
    probability: posterior && label !== null ? Math.exp(posterior.logProbabilities[label]!) : null,
    probabilities: posterior ? mostProbable(posterior, labelSet!) : [],
    ...(posterior && calibration && thresholds
      ? { regions: regionsOfText(text, posterior, calibration, thresholds) }
      : {}),
    ...(model.density ? { density: (await model.density(documents, Int32Array.of(0), { signal }))[0]! } : {}),
    coordinates: posterior && coordinates ? { lat: coordinates.lat[0]!, lon: coordinates.lon[0]! } : null,
    ...(explain ? await model.explain({ text, words }, label, { signal }) : noExplanation),
    knownWords: words && words.ids.length,
    words: words && words.words,
  }
}

function regionsOfText(
  text: string,
  { labelCount, logProbabilities }: Posterior,
  calibration: Calibration,
  thresholds: Thresholds,
): PredictedRegion[] {
  const uniform = Float64Array.of(uniformOfText(Buffer.from(text)))
  const said = { labelCount, logProbabilities, labels: Int32Array.of(-1), uniform }
  const scores = scoresOf('area', said, 0, calibration)
  return Array.from(thresholds, ([level, highest]) => {
    const labels = Array.from(regionOf(scores, highest))
    return {
      level,
      labels: labels.map(String),
      areaKm2: labels.reduce((sum, label) => sum + calibration.areasKm2[label]!, 0),
    }
  })
}

function mostProbable({ logProbabilities }: Posterior, { labels }: LabelSet): [string, number][] {
  const ranked = Array.from(logProbabilities.keys()).sort(
    (a, b) => logProbabilities[b]! - logProbabilities[a]! || a - b,
  )
  return ranked.slice(0, listedLabels).map((label) => [labels[label]!.name, Math.exp(logProbabilities[label]!)])
}

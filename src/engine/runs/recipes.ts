import { setImmediate } from 'node:timers/promises'
import { EngineError } from '#protocol/errors.ts'
import { drawnSplit, type Experiment } from '#protocol/experiment.ts'
import { matchOf, type LabelSettings } from '#protocol/labels/labels.ts'
import type { ModelNeeds } from '#protocol/models/description.ts'
import { filesOfModel, needsOf, withFiles, type ModelSettings } from '#protocol/models/models.ts'
import { matrixOf, runMatrix, runsAveraged, type MatrixRun } from '#pure/runMatrix.ts'
import { modelOnVariant, variantsOf } from '#pure/textVariants.ts'
import { tokenSettings } from '#engine/explorer/tokens/tokenSettings.ts'
import { schemeOf } from '#engine/labels/schemes.ts'
import { methodOf } from '#engine/models/methods.ts'
import { runKey } from './chosenRuns.ts'
import { contentId, type fileHash } from './contentId.ts'

/** A version a method, raised when its results change: a changed method never answers for an old artefact. */
const methodVersions = {
  import: 5,
  vocabulary: 4,
  tokens: 2,
  'skip-gram': 3,
  random: 1,
  file: 1,
}

type HashFile = typeof fileHash

/** What an artefact is made from: hashed, it is the artefact's id. */
export interface Recipe {
  id: string
  recipe: Record<string, unknown>
}

export type RunRecipe = Recipe & MatrixRun

/** What is made of the words of a variant of the texts. */
export interface WordRecipes {
  vocabulary: Recipe
  embedding: Recipe
}

/** Every artefact that an experiment needs. */
export interface ExperimentRecipes {
  corpus: Recipe
  /** Of each variant of the texts, by its name. */
  words: Map<string | undefined, WordRecipes>
  labels: Map<string, Recipe>
  runs: RunRecipe[]
}

const withId = (recipe: Record<string, unknown>): Recipe => ({ id: contentId(recipe), recipe })

/** Runs that are hashed before requests and a cancel are let in: some milliseconds. */
const runsAtOnce = 100

/** Reads the corpus files once to hash them. */
export async function recipesOf(
  experiment: Experiment,
  hashFile: HashFile,
  signal?: AbortSignal,
): Promise<ExperimentRecipes> {
  const corpus = withId(await corpusRecipe(experiment.corpus, hashFile, signal))
  const matrix = matrixOf(experiment)
  const labels = new Map<string, Recipe>()
  for (const name of inOrderOfMaking(matrix.labels, experiment)) {
    const settings = experiment.labels[name]!
    const { version, inputFiles } = schemeOf(settings)
    const files = inputFiles && (await hashesOf('labels', inputFiles(settings), hashFile, signal))
    const match = matchOf(settings)
    const matches = match === null ? undefined : labels.get(match)!.id
    labels.set(
      name,
      withId({
        version,
        settings: { ...portableLabels(settings), match: undefined },
        files,
        matches,
        corpus: corpus.id,
      }),
    )
  }
  const words = await wordRecipes(experiment, corpus, hashFile, signal)
  const files = new Map<string, string[]>()
  for (const model of matrix.models) {
    const named = filesOfModel(experiment.models[model]!)
    if (named.length > 0) files.set(model, await hashesOf('model', named, hashFile, signal))
  }
  const made = new Map<string, RunRecipe>()
  const matrixRuns = runMatrix(experiment)
  // What averages others comes after them.
  const isAverage = ({ model }: MatrixRun) => experiment.models[model]!.method === 'ensemble'
  for (const run of [...matrixRuns.filter((one) => !isAverage(one)), ...matrixRuns.filter(isAverage)]) {
    const settings = modelOnVariant(experiment, run.model, run.preprocess)
    const recipe = {
      version: methodOf(settings).version,
      settings: portableModel(settings),
      files: files.get(run.model),
      // Undefined keys are no part of an id.
      seed: run.seed ?? undefined,
      labels: run.labels === null ? undefined : labels.get(run.labels)!.id,
      calibrate: calibrationOf(experiment, settings) ?? undefined,
      ...(isAverage(run)
        ? { parts: runsAveraged(experiment, run).map((part) => made.get(runKey(part))!.id) }
        : inputOf(needsOf(settings), corpus, words.get(run.preprocess))),
    }
    made.set(runKey(run), { ...withId(recipe), ...run })
    if (made.size % runsAtOnce !== 0) continue
    await setImmediate()
    signal?.throwIfAborted()
  }
  return { corpus, words, labels, runs: matrixRuns.map((run) => made.get(runKey(run))!) }
}

/** What is made of the words of a variant; of the first one, where a step is of none. */
export const wordsOf = ({ words }: Pick<ExperimentRecipes, 'words'>, variant: string | undefined): WordRecipes =>
  words.get(variant) ?? words.values().next().value!

async function wordRecipes(
  experiment: Experiment,
  corpus: Recipe,
  hashFile: HashFile,
  signal?: AbortSignal,
): Promise<Map<string | undefined, WordRecipes>> {
  const { embeddings } = experiment
  const method =
    embeddings.method === 'file'
      ? { method: 'file', bytes: await hashNamedFile('embedding', embeddings.file, hashFile, signal) }
      : embeddings
  const version = methodVersions[embeddings.method]
  return new Map(
    variantsOf(experiment).map(({ name, settings }) => {
      const vocabulary = withId({ version: methodVersions.vocabulary, settings, corpus: corpus.id })
      return [name, { vocabulary, embedding: withId({ version, settings: method, vocabulary: vocabulary.id }) }]
    }),
  )
}

/** Schemes with those before them whose number of labels they are to have. */
const inOrderOfMaking = (names: string[], { labels }: Experiment): string[] => [
  ...new Set(names.flatMap((name) => [matchOf(labels[name]!) ?? name, name])),
]

/** By what a run's development fold is halved for calibration, where that is asked for and the model has a posterior. */
export function calibrationOf(
  { evaluation: { uncertainty }, corpus }: Pick<Experiment, 'evaluation' | 'corpus'>,
  settings: ModelSettings,
): CalibrationSettings | null {
  if (!uncertainty || !needsOf(settings).labels) return null
  return { by: uncertainty.by ?? drawnSplit(corpus)?.by ?? 'author-or-place' }
}
export interface CalibrationSettings {
  by: 'author' | 'place' | 'document' | 'author-or-place'
}

/** Settings as an id has them: files count by what they hold, not by where they lie. */
function portableModel(settings: ModelSettings) {
  if (settings.method === 'imported') return { ...settings, file: undefined }
  // Models that are averaged count by their runs, not by their names.
  if (settings.method === 'ensemble') return { ...settings, ensemble: undefined }
  return withFiles(settings, () => 'vectors')
}
const portableLabels = (settings: LabelSettings) => ('file' in settings ? { ...settings, file: undefined } : settings)

/** What a run reads of the documents: the nearest artefact, whose own inputs follow from it. */
function inputOf({ embedding: onVectors, input }: ModelNeeds, corpus: Recipe, words: WordRecipes | undefined) {
  if (onVectors) return { embedding: words!.embedding.id }
  return input === 'words' ? { vocabulary: words!.vocabulary.id } : { corpus: corpus.id }
}

/** All words of a corpus for the explorer; `corpus` is its id. */
export const tokensRecipe = (corpus: string): Recipe =>
  withId({ version: methodVersions.tokens, settings: tokenSettings, corpus })

export async function corpusRecipe(
  corpus: Experiment['corpus'],
  hashFile: HashFile,
  signal?: AbortSignal,
): Promise<Record<string, unknown>> {
  const hashes = (files: string[] = []) => hashesOf('corpus', files, hashFile, signal)
  const { train, dev, test, codes, sites, ...settings } = corpus
  return {
    version: methodVersions.import,
    settings,
    train: await hashes(train),
    dev: await hashes(dev),
    test: await hashes(test),
    codes: codes && (await hashes([codes])),
    sites: sites && (await hashes([sites])),
  }
}

type NamedFile = 'corpus' | 'labels' | 'embedding' | 'model'

async function hashesOf(what: NamedFile, files: string[], hashFile: HashFile, signal?: AbortSignal): Promise<string[]> {
  const found: string[] = []
  for (const file of files) found.push(await hashNamedFile(what, file, hashFile, signal))
  return found
}

async function hashNamedFile(what: NamedFile, file: string, hashFile: HashFile, signal?: AbortSignal): Promise<string> {
  try {
    return await hashFile(file, signal)
  } catch (cause) {
    const { code: found } = cause as NodeJS.ErrnoException
    const problem =
      found === 'ENOENT'
        ? 'does not exist'
        : found === 'EACCES'
          ? 'may not be read'
          : found === 'file/not-a-file'
            ? `is ${String((cause as EngineError).data?.['kind'])}`
            : null
    if (problem) {
      const code = {
        corpus: 'import/file-missing',
        labels: 'labels/file-missing',
        embedding: 'embedding/file-missing',
        model: 'model/file-missing',
      }[what]
      throw new EngineError(code, `The ${what} file ${file} ${problem}. Name a readable file.`, { file }, { cause })
    }
    throw cause
  }
}

import { EngineError } from '#protocol/errors.ts'
import type { Experiment, LabelSettings, ModelSettings } from '#protocol/experiment.ts'
import { contentId, type fileHash } from './contentId.ts'
import { matrixOf } from './experimentFile.ts'

/** A version a method, raised when its results change: a changed method never answers for an old artefact. */
const methodVersions = {
  import: 4,
  vocabulary: 2,
  'kd-tree': 1,
  point2city: 2,
  'skip-gram': 3,
  random: 1,
  file: 1,
  'attention-cnn': 3,
}

/** What an artefact is made from: hashed, it is the artefact's id. */
export interface Recipe {
  id: string
  recipe: Record<string, unknown>
}

export interface RunRecipe extends Recipe {
  labels: string
  model: string
  seed: number
}

/** Every artefact that an experiment needs. */
export interface ExperimentRecipes {
  corpus: Recipe
  vocabulary: Recipe
  labels: Map<string, Recipe>
  embedding: Recipe
  runs: RunRecipe[]
}

const withId = (recipe: Record<string, unknown>): Recipe => ({ id: contentId(recipe), recipe })

/** Reads the corpus files once to hash them. */
export async function recipesOf(experiment: Experiment, hashFile: typeof fileHash, signal?: AbortSignal): Promise<ExperimentRecipes> {
  const corpus = withId(await corpusRecipe(experiment.corpus, hashFile, signal))
  const vocabulary = withId({ version: methodVersions.vocabulary, settings: experiment.preprocess, corpus: corpus.id })
  const matrix = matrixOf(experiment)
  const labels = new Map(
    matrix.labels.map((name) => {
      const settings = experiment.labels[name] as LabelSettings
      return [name, withId({ version: methodVersions[settings.method], settings, corpus: corpus.id })]
    }),
  )
  const { embeddings } = experiment
  const embedding = withId({
    version: methodVersions[embeddings.method],
    settings: embeddings.method === 'file' ? { method: 'file', bytes: await hashNamedFile('embedding', embeddings.file, hashFile, signal) } : embeddings,
    vocabulary: vocabulary.id,
  })
  const runs = matrix.labels.flatMap((labelsName) =>
    matrix.models.flatMap((model) =>
      matrix.seeds.map((seed): RunRecipe => {
        const settings = experiment.models[model] as ModelSettings
        return {
          ...withId({
            version: methodVersions[settings.method],
            settings,
            seed,
            labels: labels.get(labelsName)!.id,
            embedding: embedding.id,
          }),
          labels: labelsName,
          model,
          seed,
        }
      }),
    ),
  )
  return { corpus, vocabulary, labels, embedding, runs }
}

export async function corpusRecipe(
  corpus: Experiment['corpus'],
  hashFile: typeof fileHash,
  signal?: AbortSignal,
): Promise<Record<string, unknown>> {
  const hashes = async (files: string[] | undefined) => {
    const found: string[] = []
    for (const file of files ?? []) found.push(await hashNamedFile('corpus', file, hashFile, signal))
    return found
  }
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

async function hashNamedFile(what: 'corpus' | 'embedding', file: string, hashFile: typeof fileHash, signal?: AbortSignal): Promise<string> {
  try {
    return await hashFile(file, signal)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES') {
      const problem = { ENOENT: 'does not exist', EISDIR: 'is a folder', EACCES: 'may not be read' }[code]
      const area = { corpus: 'import', embedding: 'embedding' }[what]
      throw new EngineError(`${area}/file-missing`, `The ${what} file ${file} ${problem}. Name a readable file.`, { file }, { cause })
    }
    throw cause
  }
}

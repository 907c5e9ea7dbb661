import { EngineError } from '#protocol/errors.ts'
import type { EpochMetrics } from '#protocol/runs.ts'
import type { StageContext } from '#engine/context.ts'
import type { PlannedStep } from './planExperiment.ts'
import { matchOf } from '#protocol/labels/labels.ts'
import { partsOf } from '#pure/ensembleParts.ts'
import { runsAveraged } from '#pure/runMatrix.ts'
import { modelOnVariant, preprocessOf } from '#pure/textVariants.ts'
import { loadParts } from './predictText.ts'
import { calibrationOf, wordsOf } from './recipes.ts'
import { readLabelSummary } from './summaries.ts'
import { embeddingStage } from './stages/embeddingStage.ts'
import { importStage } from './stages/importStage.ts'
import { labelsStage } from './stages/labelsStage.ts'
import { trainingStage, type TrainingInputs } from './stages/trainingStage.ts'
import { vocabularyStage } from './stages/vocabularyStage.ts'
import type { StoredExperiment } from './storedExperiment.ts'

/**
 * Makes a step's artefact.
 * @param directory an empty folder for it
 * @param checkpoint a folder in which an interrupted stage keeps what the next one continues from
 */
export async function makeArtefact(
  stored: StoredExperiment,
  step: PlannedStep,
  { directory, checkpoint }: { directory: string; checkpoint: string },
  context: StageContext,
  onEpoch: (metrics: EpochMetrics) => void,
): Promise<void> {
  const { store, experiment, recipes } = stored
  const corpusDirectory = store.place('corpus', recipes.corpus.id)
  const wordsPlace = () => {
    const { vocabulary, embedding } = wordsOf(recipes, step.preprocess)
    return {
      vocabularyDirectory: store.place('vocabulary', vocabulary.id),
      embeddingDirectory: store.place('embedding', embedding.id),
    }
  }
  switch (step.stage) {
    case 'import':
      return importStage(experiment.corpus, directory, context)
    case 'vocabulary':
      return vocabularyStage(corpusDirectory, preprocessOf(experiment, step.preprocess), directory, context)
    case 'labels':
      return labelsStage(
        corpusDirectory,
        step.labels!,
        experiment.labels[step.labels!]!,
        directory,
        context,
        await matchedScheme(stored, step.labels!),
      )
    case 'embedding':
      return embeddingStage(
        { corpusDirectory, vocabularyDirectory: wordsPlace().vocabularyDirectory, checkpoint },
        experiment.embeddings,
        directory,
        context,
      )
    case 'training':
      return trainingStage(
        {
          corpusDirectory,
          ...wordsPlace(),
          labelsDirectory: step.labels == null ? null : store.place('labels', recipes.labels.get(step.labels)!.id),
          checkpoint,
          parts: await averagedRuns(stored, step),
        },
        {
          settings: modelOnVariant(experiment, step.model!, step.preprocess),
          seed: step.seed ?? null,
          calibrate: calibrationOf(experiment, experiment.models[step.model!]!),
        },
        directory,
        context,
        onEpoch,
      )
    case 'evaluation':
      throw new EngineError('run/not-an-artefact', 'Evaluation is computed from runs and has no artefact of its own.')
    default:
      throw step.stage satisfies never
  }
}

/** The scheme whose number of labels another one is to have, which is made before it; null where it names none. */
async function matchedScheme({ store, experiment, recipes }: StoredExperiment, labels: string) {
  const name = matchOf(experiment.labels[labels]!)
  if (name === null) return null
  const { labelCount } = await readLabelSummary(await store.whole('labels', recipes.labels.get(name)!.id), name)
  return { name, labelCount }
}

/** The runs that a step averages, loaded; none where it trains a model. */
async function averagedRuns(
  { store, experiment, recipes }: StoredExperiment,
  { labels, model, preprocess, seed, recipe }: PlannedStep,
): Promise<TrainingInputs['parts']> {
  if (partsOf(experiment, model!).length === 0) return []
  const labelsId = recipes.labels.get(labels!)!.id
  const loaded = await loadParts(store, recipe['parts'] as string[], labelsId)
  const averaged = runsAveraged(experiment, { labels: labels!, model: model!, seed: seed ?? null, ...(preprocess === undefined ? {} : { preprocess }) }) // prettier-ignore
  return averaged.map((part, i) => ({
    run: loaded[i]!,
    settings: modelOnVariant(experiment, part.model, part.preprocess),
    vocabularyDirectory: store.place('vocabulary', wordsOf(recipes, part.preprocess).vocabulary.id),
  }))
}

import type { Experiment } from '#protocol/experiment.ts'
import type { Plan, PlanStep, StageName } from '#protocol/project.ts'
import { matchOf } from '#protocol/labels/labels.ts'
import { needsOf } from '#protocol/models/models.ts'
import { chooseThreads } from '#engine/compute/threads.ts'
import { conditionKey } from '#pure/conditionKey.ts'
import { withNeeds } from '#pure/nextSteps.ts'
import { matrixOf } from '#pure/runMatrix.ts'
import { stepKey } from '#pure/stepKey.ts'
import { chosenRuns } from './chosenRuns.ts'
import type { ArtefactKind } from './manifest.ts'
import type { ExperimentRecipes, Recipe, RunRecipe } from './recipes.ts'
import { mostMemoryBytes } from './mostMemory.ts'
import type { StoredExperiment } from './storedExperiment.ts'

/** A step of the plan with what is needed to do it. */
export interface PlannedStep extends PlanStep {
  kind: ArtefactKind
  recipe: Record<string, unknown>
}

export type Until = 'labels' | 'embedding' | 'training' | 'evaluation'

const order: StageName[] = ['import', 'vocabulary', 'labels', 'embedding', 'training', 'evaluation']

/** How much of an experiment is wanted. */
export interface Wanted {
  until?: Until
  /** Runs by condition or by condition and seed, stages by name; left out, all. With some, only what they need is made. */
  only?: string[]
}

/**
 * The artefacts of an experiment in the order in which they are made, each with its state on disk.
 * @throws EngineError 'experiment/no-such-run'
 */
export async function planExperiment(
  { experiment, recipes, store }: Omit<StoredExperiment, 'directory'>,
  { until = 'evaluation', only }: Wanted = {},
): Promise<PlannedStep[]> {
  const step = async (
    stage: StageName,
    kind: ArtefactKind,
    { id, recipe }: Recipe,
    title: string,
    more: Pick<PlanStep, 'needs'> & Pick<PlanStep, 'labels' | 'model' | 'preprocess' | 'seed'>,
  ): Promise<PlannedStep> => {
    const found = await store.inspect(kind, id)
    const state = found?.damaged === null ? 'done' : (await store.hasCheckpoint(kind, id)) ? 'partial' : 'missing'
    return { stage, kind, id, recipe, title, state, ...(found?.damaged ? { damaged: found.damaged } : {}), ...more }
  }
  const { embeddings } = experiment
  const embeddingTitle =
    embeddings.method === 'skip-gram'
      ? `Skip-gram, ${embeddings.dimensions} dimensions, ${embeddings.epochs} epochs`
      : embeddings.method === 'random'
        ? `Random vectors, ${embeddings.dimensions} dimensions`
        : `Vectors of ${embeddings.file}`
  const { corpus, words } = recipes
  const needs = [corpus.id]
  const of = (preprocess: string | undefined) => (preprocess === undefined ? '' : ` of ${preprocess}`)
  const steps = [await step('import', 'corpus', corpus, 'Import the corpus', { needs: [] })]
  for (const [preprocess, { vocabulary }] of words) {
    const title = `Tokenise and count words${of(preprocess)}`
    steps.push(await step('vocabulary', 'vocabulary', vocabulary, title, { needs, ...named(preprocess) }))
  }
  for (const [name, recipe] of recipes.labels) {
    // A scheme that is as fine as another one is chosen by that one's labels.
    const matched = recipes.labels.get(matchOf(experiment.labels[name]!) ?? '')
    const more = { labels: name, needs: matched ? [...needs, matched.id] : needs }
    steps.push(await step('labels', 'labels', recipe, `Labels ${name}`, more))
  }
  // Asked for by itself, an embedding is made whether or not a model needs one.
  if (
    until === 'embedding' ||
    matrixOf(experiment).models.some((model) => needsOf(experiment.models[model]!).embedding)
  )
    for (const [preprocess, { vocabulary, embedding }] of words) {
      const more = { needs: [...needs, vocabulary.id], ...named(preprocess) }
      steps.push(await step('embedding', 'embedding', embedding, `${embeddingTitle}${of(preprocess)}`, more))
    }
  for (const run of recipes.runs) {
    const { labels, model, preprocess, seed } = run
    const isAverage = experiment.models[model]!.method === 'ensemble'
    const title = `${isAverage ? 'Average' : 'Train'} ${conditionKey(run)}${seed === null ? '' : `, seed ${seed}`}`
    const more = { labels, model, ...named(preprocess), seed, needs: runNeeds(experiment, recipes, run) }
    steps.push(await step('training', 'run', run, title, more))
  }
  return cutTo(steps, recipes, { until, only })
}

const named = (preprocess: string | undefined) => (preprocess === undefined ? {} : { preprocess })

/** Ids of what a run is made from. */
function runNeeds(experiment: Experiment, recipes: ExperimentRecipes, run: RunRecipe): string[] {
  const { labels, model } = run
  const needs = needsOf(experiment.models[model]!)
  const words = recipes.words.get(run.preprocess)
  return [
    recipes.corpus.id,
    ...(needs.embedding || needs.input === 'words' ? [words!.vocabulary.id] : []),
    ...(labels === null ? [] : [recipes.labels.get(labels)!.id]),
    ...(needs.embedding ? [words!.embedding.id] : []),
    ...((run.recipe['parts'] as string[] | undefined) ?? []),
  ]
}

/** @throws EngineError 'experiment/no-such-run' */
function cutTo(all: PlannedStep[], recipes: ExperimentRecipes, { until = 'evaluation', only }: Wanted): PlannedStep[] {
  let steps = all
  if (only) {
    // Where a condition is called as a stage is, the name is the stage's.
    const stages = all.filter((step) => step.stage !== 'training' && only.includes(stepKey(step)))
    const names = only.filter((name) => !stages.some((step) => stepKey(step) === name))
    const chosen = names.length > 0 ? chosenRuns(recipes.runs, names) : []
    const asked = until === 'embedding' ? Array.from(recipes.words.values(), ({ embedding }) => embedding.id) : []
    steps = withNeeds(all, [...stages, ...chosen].map(({ id }) => id).concat(asked))
  }
  // Labels need no vocabulary: `labels` alone stops before it would be counted.
  const wanted = steps.filter(({ stage }) => order.indexOf(stage) <= order.indexOf(until))
  return until === 'labels' ? wanted.filter(({ stage }) => stage !== 'vocabulary') : wanted
}

/** The plan as clients see it. */
export const toPlan = (experiment: Experiment, steps: PlannedStep[]): Plan => ({
  experiment: experiment.name,
  machine: { threads: chooseThreads(process.env), memoryBytes: mostMemoryBytes() },
  steps: steps.map(({ kind: _kind, recipe: _recipe, ...step }) => step),
})

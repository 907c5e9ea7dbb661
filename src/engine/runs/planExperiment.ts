import type { Experiment } from '#protocol/experiment.ts'
import type { Plan, PlanStep, StageName } from '#protocol/project.ts'
import { matchOf } from '#protocol/labels/labels.ts'
import { needsOf } from '#protocol/models/models.ts'
import { conditionKey } from '#pure/conditionKey.ts'
import { matrixOf } from '#pure/runMatrix.ts'
import { chosenRuns } from './chosenRuns.ts'
import type { ArtefactKind } from './manifest.ts'
import type { Recipe } from './recipes.ts'
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
  /** Runs by condition or by condition and seed; left out, all. With some, only what they need is made. */
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
    more: Pick<PlanStep, 'labels' | 'model' | 'seed'> = {},
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
  const steps = [await step('import', 'corpus', recipes.corpus, 'Import the corpus')]
  const runs = chosenRuns(recipes.runs, only)
  const needs = only
    ? runs.map(({ model }) => needsOf(experiment.models[model]!))
    : matrixOf(experiment).models.map((model) => needsOf(experiment.models[model]!))
  if (!only || needs.some(({ input, embedding }) => embedding || input === 'words'))
    steps.push(await step('vocabulary', 'vocabulary', recipes.vocabulary, 'Tokenise and count words'))
  for (const [name, recipe] of recipes.labels) {
    const isNeeded = (labels: string | null) =>
      labels !== null && (labels === name || matchOf(experiment.labels[labels]!) === name)
    if (only && !runs.some(({ labels }) => isNeeded(labels))) continue
    steps.push(await step('labels', 'labels', recipe, `Labels ${name}`, { labels: name }))
  }
  // Asked for by itself, an embedding is made whether or not a model needs one.
  if (until === 'embedding' || needs.some(({ embedding }) => embedding))
    steps.push(await step('embedding', 'embedding', recipes.embedding, embeddingTitle))
  for (const run of runs) {
    const { labels, model, seed } = run
    const title = `Train ${conditionKey(run)}${seed === null ? '' : `, seed ${seed}`}`
    steps.push(await step('training', 'run', run, title, { labels, model, seed }))
  }
  // Labels need no vocabulary: `labels` alone stops before it would be counted.
  const wanted = steps.filter(({ stage }) => order.indexOf(stage) <= order.indexOf(until))
  return until === 'labels' ? wanted.filter(({ stage }) => stage !== 'vocabulary') : wanted
}

/** The plan as clients see it. */
export const toPlan = (experiment: Experiment, steps: PlannedStep[]): Plan => ({
  experiment: experiment.name,
  steps: steps.map(({ kind: _kind, recipe: _recipe, ...step }) => step),
})

import { availableParallelism, hostname } from 'node:os'
import type { Experiment } from '#protocol/experiment.ts'
import { needsOf } from '#protocol/models/models.ts'
import type { EpochMetrics } from '#protocol/runs.ts'
import { nextSteps } from '#pure/nextSteps.ts'
import { loadTensorFlow } from '#engine/compute/tensorflow.ts'
import type { StageContext } from '#engine/context.ts'
import { version } from '#engine/version.ts'
import { withArtefactLock } from './artefactLock.ts'
import type { PlannedStep } from './planExperiment.ts'
import { checkLabels } from './checkLabels.ts'
import { checkResources } from './resources.ts'
import { makeArtefact } from './makeArtefact.ts'
import type { StoredExperiment } from './storedExperiment.ts'

/** What a caller hears of the steps of an experiment beside the stages' own reports. */
export interface StepWatch {
  started(step: PlannedStep): void
  ended(step: PlannedStep, outcome: 'finished' | 'reused'): void
  epoch(step: PlannedStep, metrics: EpochMetrics): void
}

/** Does the steps that are not done yet, in order; what is done is not repeated. */
export async function runExperiment(
  stored: StoredExperiment,
  steps: PlannedStep[],
  context: StageContext,
  watch: StepWatch,
): Promise<void> {
  const { store, experiment } = stored
  const firstTraining = steps.find(({ stage, state }) => stage === 'training' && state !== 'done')
  const firstOnTensorFlow = steps.find((step) => step.state !== 'done' && usesTensorFlow(experiment, step))
  for (const step of inTurn(steps)) {
    context.signal.throwIfAborted()
    if (await store.has(step.kind, step.id)) {
      watch.ended(step, 'reused')
      continue
    }
    // Before anything of the step is there: labels that are no good cost no embedding.
    if (firstTraining && (step.stage === 'embedding' || step.stage === 'training')) await checkLabels(store, steps)
    await withArtefactLock(store, step, context, async (context) => {
      // Another task may have made it meanwhile.
      const found = await store.inspect(step.kind, step.id)
      if (found?.damaged === null) return watch.ended(step, 'reused')
      watch.started(step)
      if (found) context.note(`"${step.title}" is there and damaged (${found.damaged}): it is made again.`)
      if (step === firstOnTensorFlow) await noteSlowDevice(context)
      await checkResources(stored, step, context)
      await makeStep(stored, step, context, watch)
      watch.ended(step, 'finished')
    })
  }
}

/** The steps of a plan one after the other, as `nextSteps` has them. */
function* inTurn(steps: PlannedStep[]): Generator<PlannedStep> {
  const done = new Set<string>()
  const none: ReadonlySet<string> = new Set()
  for (;;) {
    const [step] = nextSteps(steps, { done, running: none, failed: none }, { jobs: 1, memoryBytes: Infinity })
    if (!step) return
    yield step
    done.add(step.id)
  }
}

async function makeStep(
  stored: StoredExperiment,
  step: PlannedStep,
  context: StageContext,
  watch: StepWatch,
): Promise<void> {
  const { store, experiment } = stored
  await store.create(
    {
      kind: step.kind,
      id: step.id,
      title: step.title,
      recipe: step.recipe,
      versions: { isogloss: version, node: process.versions.node },
      machine: await describeMachine(usesTensorFlow(experiment, step)),
    },
    (directory) =>
      makeArtefact(stored, step, { directory, checkpoint: store.checkpoint(step.kind, step.id) }, context, (metrics) =>
        watch.epoch(step, metrics),
      ),
  )
}

const usesTensorFlow = ({ models }: Experiment, { stage, model }: PlannedStep) =>
  stage === 'training' && needsOf(models[model!]!).device === 'tensorflow'

/** Says why training is slow here, and what to do about it. */
async function noteSlowDevice({ note }: StageContext): Promise<void> {
  const { device } = await loadTensorFlow()
  if (!device.native) note(`Training takes many times as long as on native TensorFlow. ${device.reasons.join(' ')}`)
}

export async function describeMachine(onTensorFlow: boolean): Promise<Record<string, string | number>> {
  const machine = { host: hostname(), platform: `${process.platform} ${process.arch}`, cores: availableParallelism() }
  if (!onTensorFlow) return machine
  const { device } = await loadTensorFlow()
  return {
    ...machine,
    backend: device.backend,
    tensorflow: device.tensorflowVersion ?? 'none',
    threads: device.threads,
    device: device.gpu?.name ?? 'cpu',
  }
}

import { contentId } from '#engine/runs/contentId.ts'
import { planExperiment, type PlannedStep } from '#engine/runs/planExperiment.ts'
import { runExperiment } from '#engine/runs/runExperiment.ts'
import { sweepExperiment, type SweepRequest } from '#engine/runs/sweepExperiment.ts'
import type { Job } from './jobs.ts'
import { lockedExperiment, type ExperimentOfJob } from './lockedExperiment.ts'
import { stepReporter } from './stepReporter.ts'

/** Sweeps the granularity of an experiment's labels as a job, beside other tasks of the project; imports its corpus where it must. */
export async function sweepJob(of: ExperimentOfJob, request: SweepRequest, job: Job): Promise<void> {
  await lockedExperiment(of, job, async (stored, lockedJob) => {
    const imports = (await planExperiment(stored, { until: 'labels' })).filter(({ stage }) => stage === 'import')
    await of.project.checkSources(stored.experiment, imports)
    const recipe = { sweep: request, corpus: stored.recipes.corpus.id }
    const sweep: PlannedStep = {
      stage: 'labels',
      kind: 'labels',
      id: contentId(recipe),
      recipe,
      title: 'Sweep label sizes',
      state: 'missing',
      needs: [stored.recipes.corpus.id],
    }
    const { context, watch } = stepReporter([...imports, sweep], lockedJob)
    await runExperiment(stored, imports, context, { ...watch, epoch: () => undefined })
    watch.started(sweep)
    await sweepExperiment(stored, request, context)
    watch.ended(sweep, 'finished')
  })
}

import type { PlanStep } from '#protocol/project.ts'
import { stepKey } from '../stepKey.ts'

/** A job of a cluster's scheduler: one step, or an array of runs that need the same steps. */
export interface BatchJob {
  /** `import`, `labels-kd`, `runs-1`: names its script. */
  name: string
  /** What `--only` calls its tasks. */
  tasks: string[]
  /** Names of the jobs that must have succeeded before it begins. */
  after: string[]
}

/**
 * The missing steps of a plan as jobs in the order in which they are to be submitted. The needs of a plan become dependencies:
 * a step that fails holds up the runs that need it and no other, and a run that fails holds up nothing.
 * @param mostTasks how many tasks an array may have; longer ones are split
 */
export function batchJobs(steps: PlanStep[], mostTasks: number): BatchJob[] {
  const missing = steps.filter(({ state }) => state !== 'done')
  const nameOf = new Map<string, string>()
  const jobs: BatchJob[] = []
  const afterOf = ({ needs }: PlanStep) => needs.flatMap((id) => nameOf.get(id) ?? [])
  for (const step of missing.filter(({ stage }) => stage !== 'training')) {
    const name = stepKey(step).replaceAll('/', '-')
    jobs.push({ name, tasks: [stepKey(step)], after: afterOf(step) })
    nameOf.set(step.id, name)
  }
  const arrays = new Map<string, BatchJob>()
  for (const step of missing.filter(({ stage }) => stage === 'training')) {
    const after = afterOf(step)
    const key = after.join(' ')
    let job = arrays.get(key)
    if (!job || job.tasks.length >= mostTasks) {
      job = { name: `runs-${jobs.filter(({ name }) => name.startsWith('runs-')).length + 1}`, tasks: [], after }
      jobs.push(job)
      arrays.set(key, job)
    }
    job.tasks.push(stepKey(step))
  }
  return jobs
}

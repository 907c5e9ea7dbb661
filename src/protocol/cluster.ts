import { z } from 'zod'
import type { StageName } from './project.ts'

/**
 * How far a step is that was given to a cluster: `waiting` for steps that it needs, `queued` for a node, `requeued` after it
 * had begun; `unknown` where nobody can be asked.
 */
export type ClusterState = 'waiting' | 'queued' | 'running' | 'requeued' | 'done' | 'failed' | 'cancelled' | 'unknown'

/** `steps.json` beside the scripts: which task of which job makes what. */
export const submittedSteps = z.object({
  steps: z.array(
    z.object({
      /** The job's name in jobs.txt, and the task's place in its array. */
      job: z.string(),
      task: z.number().int().min(0),
      /** What `--only` calls it. */
      name: z.string(),
      title: z.string(),
      stage: z.enum([
        'import',
        'vocabulary',
        'labels',
        'embedding',
        'training',
        'evaluation',
      ]) satisfies z.ZodType<StageName>,
      /** Of the artefact. */
      id: z.string().regex(/^[0-9a-f]{16}$/),
    }),
  ),
})
export type SubmittedStep = z.infer<typeof submittedSteps>['steps'][number]

export interface ClusterStep {
  name: string
  title: string
  stage: StageName
  id: string
  state: ClusterState
  /** What Slurm calls the task, such as `12_3`. */
  task: string
  /** How often it was queued again. */
  restarts: number
  node: string | null
  /** Why it waits, in Slurm's word, or why it failed, by the last line that it wrote. */
  reason: string | null
  /** The last line that a running task wrote. */
  progress: string | null
  /** Whether it goes on from a checkpoint when it begins again. */
  resumes: boolean
}

/** What was given to a cluster of an experiment. */
export interface ClusterWork {
  experiment: string
  steps: ClusterStep[]
  /** Why Slurm could not be asked, so that artefacts alone tell; null where it answered. */
  silent: string | null
}

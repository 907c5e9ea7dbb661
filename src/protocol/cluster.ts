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
  /** The experiment's file and the site template where the scripts were written, absolute; left out by earlier versions. */
  file: z.string().optional(),
  site: z.string().optional(),
})
export type SubmittedSteps = z.infer<typeof submittedSteps>
export type SubmittedStep = SubmittedSteps['steps'][number]

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
  /** Where it runs. */
  node: string | null
  /** Why it waits, in Slurm's word, or the last line that a task wrote which is not done and does not run. */
  reason: string | null
  /** Slurm's word for how it ended without a result, such as OUT_OF_MEMORY; null where it has none. */
  ended: string | null
  /** The last line that a running task wrote. */
  progress: string | null
  /** Whether it goes on from a checkpoint when it begins again. */
  resumes: boolean
}

/** What was given to a cluster of an experiment. */
export interface ClusterWork {
  experiment: string
  steps: ClusterStep[]
  /** Slurm's ids of all jobs, those that are over among them. */
  jobs: string[]
  /** Why Slurm could not be asked, so that the project's folder alone tells; null where it answered. */
  silent: string | null
  /** The command line that submits what is missing, as a shell of this machine reads it. */
  command: string
}

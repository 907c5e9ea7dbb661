import { open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import {
  submittedSteps,
  type ClusterState,
  type ClusterStep,
  type ClusterWork,
  type SubmittedStep,
} from '#protocol/cluster.ts'
import { readJson } from '#engine/files/artefactFile.ts'
import { askSlurm } from '../askSlurm.mjs'
import type { ArtefactStore } from '../artefactStore.ts'
import type { ArtefactKind } from '../manifest.ts'
import { slurmQueue, type QueuedTask } from './slurmQueue.ts'

/** A step with what Slurm calls its task, and where it writes. */
interface Submitted extends SubmittedStep {
  jobId: string
  log: string
}

/**
 * How far the steps of an experiment are that were given to a cluster: by the artefacts that are there, by what Slurm says, and
 * by what the tasks wrote. The project comes first: what is there is done, whatever Slurm says or has forgotten.
 * @param folders of scripts, one a submission; of a step that was submitted again the last one counts
 * @returns null where nothing was submitted from there
 */
export async function clusterWork(
  store: ArtefactStore,
  experiment: string,
  folders: string[],
): Promise<ClusterWork | null> {
  const submitted = new Map<string, Submitted>()
  for (const folder of folders) for (const step of await stepsOf(experiment, folder)) submitted.set(step.name, step)
  if (submitted.size === 0) return null
  const ids = [...new Set(Array.from(submitted.values(), ({ jobId }) => jobId))]
  const { tasks, silent } = await slurmQueue(ids)
  const steps: ClusterStep[] = []
  for (const step of submitted.values())
    steps.push(await describe(store, step, tasks.get(`${step.jobId}_${step.task}`) ?? null, silent !== null))
  return { experiment, steps, silent }
}

/**
 * Cancels every job of some submissions that is not over.
 * @returns the ids of the jobs that Slurm was told of
 * @throws EngineError 'cluster/scancel'
 */
export async function cancelWork(folders: string[]): Promise<string[]> {
  const ids: string[] = []
  for (const folder of folders) ids.push(...(await jobsOf(folder)).values())
  if (ids.length === 0) return []
  // Of jobs that are over it says nothing.
  const { failed, stderr } = await askSlurm('scancel', ids)
  if (failed && !stderr.includes('Invalid job id'))
    throw new EngineError(
      'cluster/scancel',
      `The jobs ${ids.join(', ')} could not be cancelled: ${stderr}. Run it where scancel is, or: scancel ${ids.join(' ')}`,
    )
  return ids
}

/** The submissions of an experiment that lie in its project, in the order in which they were made. */
export async function submissionsOf(directory: string, experiment: string): Promise<string[]> {
  const folder = join(directory, 'slurm', experiment)
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => /^\d+$/.test(name))
    .sort((a, b) => Number(a) - Number(b))
    .map((name) => join(folder, name))
}

/** Ids by the names of jobs: jobs.txt, as submit.sh writes it. */
async function jobsOf(folder: string): Promise<Map<string, string>> {
  const text = await readFile(join(folder, 'jobs.txt'), 'utf8').catch(() => '')
  return new Map(
    text
      .split('\n')
      .map((line) => line.trim().split(' '))
      .flatMap(([id = '', name]): [string, string][] => (name !== undefined && /^\d+$/.test(id) ? [[name, id]] : [])),
  )
}

async function stepsOf(experiment: string, folder: string): Promise<Submitted[]> {
  const jobs = await jobsOf(folder)
  if (jobs.size === 0) return []
  const { steps } = await readJson(join(folder, 'steps.json'), submittedSteps)
  return steps.flatMap((step) => {
    const jobId = jobs.get(step.job)
    if (jobId === undefined) return []
    const log = join(folder, 'logs', `${experiment}-${step.job}-${jobId}_${step.task}.txt`)
    return [{ ...step, jobId, log }]
  })
}

const kinds: Partial<Record<SubmittedStep['stage'], ArtefactKind>> = {
  import: 'corpus',
  vocabulary: 'vocabulary',
  labels: 'labels',
  embedding: 'embedding',
  training: 'run',
}

async function describe(
  store: ArtefactStore,
  { job: _, jobId, task, log, ...step }: Submitted,
  queued: QueuedTask | null,
  isSilent: boolean,
): Promise<ClusterStep> {
  const kind = kinds[step.stage]
  const isThere = kind !== undefined && (await store.has(kind, step.id))
  const state = stateOf(isThere, queued, isSilent)
  const wrote = state === 'running' || state === 'failed' ? await lastLine(log) : null
  return {
    ...step,
    state,
    task: `${jobId}_${task}`,
    restarts: queued?.restarts ?? 0,
    node: state === 'running' ? (queued?.node ?? null) : null,
    reason: state === 'failed' ? (wrote ?? queued?.state ?? null) : isWaiting(state) ? (queued?.reason ?? null) : null,
    progress: state === 'running' ? wrote : null,
    resumes: kind !== undefined && !isThere && (await store.hasCheckpoint(kind, step.id)),
  }
}

const isWaiting = (state: ClusterState) => state === 'waiting' || state === 'queued' || state === 'requeued'

/** What becomes of Slurm's word, which has many for a task that is over without a result. */
export function stateOf(isThere: boolean, queued: QueuedTask | null, isSilent: boolean): ClusterState {
  if (isThere) return 'done'
  // Forgotten by Slurm, it is over.
  if (!queued) return isSilent ? 'unknown' : 'failed'
  const { state, reason, restarts } = queued
  if (/^(PENDING|REQUEUED|REQUEUE_HOLD|SPECIAL_EXIT)$/.test(state)) {
    if (restarts > 0) return 'requeued'
    return reason?.startsWith('Dependency') ? 'waiting' : 'queued'
  }
  if (/^(CANCELLED|REVOKED|PREEMPTED)$/.test(state)) return 'cancelled'
  return /^(COMPLETED|FAILED|TIMEOUT|NODE_FAIL|BOOT_FAIL|DEADLINE|OUT_OF_MEMORY)$/.test(state) ? 'failed' : 'running'
}

const tailBytes = 4096

/** The last line of a task's file without the process id before it; null where there is none. */
async function lastLine(path: string): Promise<string | null> {
  const file = await open(path).catch(() => null)
  if (!file) return null
  try {
    const { size } = await file.stat()
    const length = Math.min(size, tailBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
    const line = buffer
      .toString('utf8', 0, bytesRead)
      .trimEnd()
      .split(/[\r\n]/)
      .at(-1)
    return line?.replace(/^\d+ /, '').trim() || null
  } finally {
    await file.close()
  }
}

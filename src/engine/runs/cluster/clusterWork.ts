import { constants } from 'node:fs'
import { open, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import {
  submittedSteps,
  type ClusterState,
  type ClusterStep,
  type ClusterWork,
  type SubmittedStep,
} from '#protocol/cluster.ts'
import { slurmCommand } from '#pure/cluster/slurmCommand.ts'
import { readJson } from '#engine/files/artefactFile.ts'
import { askSlurm } from '../askSlurm.mjs'
import type { ArtefactStore } from '../artefactStore.ts'
import { holderOf } from '../fileLock.mjs'
import type { ArtefactKind } from '../manifest.ts'
import { slurmQueue, type QueuedTask, type SlurmAnswer } from './slurmQueue.ts'

/** A step with what Slurm calls its task, and where it writes. */
interface Submitted extends SubmittedStep {
  jobId: string
  log: string
}

/** What was submitted from some folders: of a step that was submitted again the last one counts. */
interface Submissions {
  steps: Submitted[]
  /** Ids of all jobs, in the order in which they were submitted. */
  jobs: string[]
  /** Of the last one. */
  file: string | undefined
  site: string | undefined
}

/**
 * How far the steps of an experiment are that were given to a cluster: by the artefacts that are there, by what Slurm says, and
 * by what the tasks wrote. The project comes first: what is there is done, whatever Slurm says or has forgotten. Where Slurm
 * cannot be asked, the lock of an artefact tells who makes it.
 * @param folders of scripts, one a submission, in their order
 * @param ask what Slurm knows of tasks that are not done
 * @returns null where nothing was submitted from there
 */
export async function clusterWork(
  store: ArtefactStore,
  experiment: string,
  folders: string[],
  ask: (wanted: string[]) => Promise<SlurmAnswer> = slurmQueue,
): Promise<ClusterWork | null> {
  const { steps, jobs, ...last } = await submissionsIn(experiment, folders)
  if (steps.length === 0) return null
  const there: boolean[] = []
  for (const { stage, id } of steps) {
    const kind = kinds[stage]
    there.push(kind !== undefined && (await store.has(kind, id)))
  }
  const wanted = steps.filter((_, i) => !there[i]).map(taskOf)
  const answer = wanted.length > 0 ? await ask(wanted) : { tasks: new Map<string, QueuedTask>(), silent: null }
  const described: ClusterStep[] = []
  for (const [i, step] of steps.entries()) described.push(await describe(store, step, there[i]!, answer))
  return {
    experiment,
    steps: described,
    jobs,
    silent: answer.silent,
    command: await commandOf(store.project, experiment, last),
  }
}

const taskOf = ({ jobId, task }: Submitted) => `${jobId}_${task}`

/**
 * Cancels every job of some submissions that is not over.
 * @returns the ids of the jobs that Slurm was told of
 * @throws EngineError 'cluster/scancel'
 */
export async function cancelWork(folders: string[]): Promise<string[]> {
  const ids: string[] = []
  for (const folder of folders) ids.push(...(await jobLines(folder)).map(({ id }) => id))
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

/** jobs.txt, as submit.sh writes it: ids and names of jobs, in the order in which they were submitted. */
async function jobLines(folder: string): Promise<{ id: string; name: string }[]> {
  const text = await readFile(join(folder, 'jobs.txt'), 'utf8').catch(() => '')
  return text
    .split('\n')
    .map((line) => line.trim().split(' '))
    .flatMap(([id = '', name]) => (name !== undefined && /^\d+$/.test(id) ? [{ id, name }] : []))
}

/** The experiment as it is in the project, where its file is not on this machine. */
async function commandOf(
  project: string,
  experiment: string,
  { file, site }: Pick<Submissions, 'file' | 'site'>,
): Promise<string> {
  const isHere = async (path: string | undefined) => path !== undefined && (await stat(path).catch(() => null)) !== null
  const yaml = (await isHere(file)) ? file! : join(project, 'experiments', `${experiment}.yaml`)
  return slurmCommand({ file: yaml, project, site: (await isHere(site)) ? site : undefined })
}

async function submissionsIn(experiment: string, folders: string[]): Promise<Submissions> {
  const byName = new Map<string, Submitted>()
  const ids: string[] = []
  let last: Pick<Submissions, 'file' | 'site'> = { file: undefined, site: undefined }
  for (const folder of folders) {
    const lines = await jobLines(folder)
    if (lines.length === 0) continue
    ids.push(...lines.map(({ id }) => id))
    // Of scripts that were submitted again the last ones.
    const jobs = new Map(lines.map(({ id, name }) => [name, id]))
    const submitted = await readJson(join(folder, 'steps.json'), submittedSteps)
    last = { file: submitted.file, site: submitted.site }
    for (const step of submitted.steps) {
      const jobId = jobs.get(step.job)
      if (jobId === undefined) continue
      const log = join(folder, 'logs', `${experiment}-${step.job}-${jobId}_${step.task}.txt`)
      byName.set(step.name, { ...step, jobId, log })
    }
  }
  return { steps: [...byName.values()], jobs: ids, ...last }
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
  submitted: Submitted,
  isThere: boolean,
  { tasks, silent }: SlurmAnswer,
): Promise<ClusterStep> {
  const { name, title, stage, id } = submitted
  const task = taskOf(submitted)
  const queued = tasks.get(task) ?? null
  const kind = kinds[stage]
  const maker = kind && !isThere && silent !== null ? await holderOf(store.lockFile(kind, id)) : null
  const state = maker ? 'running' : stateOf(isThere, queued, silent !== null)
  const wrote = /^(running|failed|unknown)$/.test(state) ? await lastLine(submitted.log) : null
  return {
    ...{ name, title, stage, id, state, task },
    restarts: queued?.restarts ?? 0,
    node: state === 'running' ? (maker?.host ?? queued?.node ?? null) : null,
    reason:
      state === 'running' || state === 'done' ? null : state === 'failed' ? wrote : (wrote ?? queued?.reason ?? null),
    ended: state === 'failed' || state === 'cancelled' ? (queued?.state ?? null) : null,
    progress: state === 'running' ? wrote : null,
    resumes: kind !== undefined && !isThere && (await store.hasCheckpoint(kind, id)),
  }
}

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

/** The last line of a task's file without the process id and the step before it; null where there is none. */
async function lastLine(path: string): Promise<string | null> {
  // A pipe in its place must hold nobody up.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(() => null)
  if (!file) return null
  try {
    const found = await file.stat()
    if (!found.isFile()) return null
    const { size } = found
    const length = Math.min(size, tailBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
    const line = buffer
      .toString('utf8', 0, bytesRead)
      .trimEnd()
      .split(/[\r\n]/)
      .at(-1)
    return line?.replace(/^\d+ (\[[^\]]*\] )?/, '').trim() || null
  } finally {
    await file.close()
  }
}

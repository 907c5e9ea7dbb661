import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClusterStep, ClusterWork } from '#protocol/cluster.ts'
import { EngineError } from '#protocol/errors.ts'
import { clusterSummary, stepWords } from '#pure/cluster/clusterWords.ts'
import { Interrupted, type EngineClient } from '../engineClient.ts'
import { printable, printResult, textTable, type OutputOptions } from '../output.ts'
import { withEngine } from '../withEngine.ts'

interface AttachOptions extends OutputOptions {
  project: string
  /** Where the scripts lie, where that is not in the project. */
  write?: string
  /** One look, and no waiting. */
  dryRun?: boolean
}

/** Slurm's controller serves everybody: it is asked soon after something happened, and ever less often where nothing does. */
const [soonestMs, latestMs] = [2_000, 30_000]

/**
 * Follows what was submitted of an experiment until all of it has ended: a table on a terminal, else a line a change. Ctrl+C
 * ends the view alone.
 * @throws EngineError 'cluster/nothing-submitted', or 'run/steps-failed' where not every step came to a result; Interrupted
 */
export async function attachToSlurm(file: string, options: AttachOptions): Promise<void> {
  const command = `isogloss run ${file} --project ${options.project} --slurm`
  const there = options.write === undefined ? '' : ` --write ${options.write}`
  const work = await withEngine(async (engine) => {
    const ask = await asker(engine, file, options)
    return options.dryRun ? ask() : follow(ask)
  }).catch((error: unknown) => {
    if (error instanceof Interrupted)
      process.stderr.write(
        `The jobs go on. Look again: ${command}${there} --attach; cancel them: ${command}${there} --cancel\n`,
      )
    throw error
  })
  printResult(options, work, () => workText(work))
  const lost = work.steps.filter(({ state }) => state === 'failed' || state === 'cancelled')
  if (lost.length > 0 && !options.dryRun)
    throw new EngineError(
      'run/steps-failed',
      `${lost.length} of ${work.steps.length} steps came to no result: ${lost.map((step) => `${step.name} (${stepWords(step)})`).join('; ')}. ` +
        `What was finished is kept. When the cause is gone, submit these again: ${command} --only ${lost.map(({ name }) => name).join(' ')}`,
      { failed: lost.map(({ name }) => name) },
    )
}

/**
 * Cancels what was submitted of an experiment.
 * @throws EngineError 'cluster/nothing-submitted', 'cluster/scancel'
 */
export async function cancelOnSlurm(file: string, options: AttachOptions): Promise<void> {
  const result = await withEngine(async (engine) => {
    const name = await experimentOf(engine, file, options)
    const { jobs } = await engine.request('cluster.cancel', { name, ...folderOf(options) })
    if (jobs.length === 0) throw nothingSubmitted(name, options)
    return { experiment: name, jobs }
  })
  printResult(
    options,
    result,
    () => `Slurm was told to cancel ${result.jobs.join(', ')}; what is finished and checkpoints stay.`,
  )
}

/** Looks at the work, in an engine that has the project open. */
async function asker(engine: EngineClient, file: string, options: AttachOptions): Promise<() => Promise<ClusterWork>> {
  const name = await experimentOf(engine, file, options)
  return async () => {
    const work = await engine.request('cluster.work', { name, ...folderOf(options) })
    if (!work) throw nothingSubmitted(name, options)
    return work
  }
}

async function experimentOf(engine: EngineClient, file: string, { project }: AttachOptions): Promise<string> {
  const { experiment } = await engine.request('experiment.planFile', { file: resolve(file), project: resolve(project) })
  return experiment
}

const folderOf = ({ write }: AttachOptions) => (write === undefined ? {} : { folder: resolve(write) })

const nothingSubmitted = (name: string, { project, write }: AttachOptions) =>
  new EngineError(
    'cluster/nothing-submitted',
    `Nothing of "${name}" was submitted from ${write ?? project}: there is no jobs.txt of submit.sh with its steps.json. ` +
      'Submit it with --slurm, or name the folder of its scripts with --write.',
  )

/** Looks until every step has ended. */
async function follow(ask: () => Promise<ClusterWork>): Promise<ClusterWork> {
  const show = process.stderr.isTTY ? tableOnTerminal() : linesOfChanges()
  let before = ''
  let waitMs = soonestMs
  for (;;) {
    const work = await ask()
    show(work)
    if (work.steps.every(hasEnded)) return work
    const now = JSON.stringify(work.steps.map(({ name, state, restarts }) => [name, state, restarts]))
    waitMs = now === before ? Math.min(latestMs, waitMs * 1.5) : soonestMs
    before = now
    await sleep(waitMs)
  }
}

const hasEnded = ({ state }: ClusterStep) => state === 'done' || state === 'failed' || state === 'cancelled'

/** Lines that begin with the process id, as those of `run`: one a change of a step. */
function linesOfChanges(): (work: ClusterWork) => void {
  const told = new Map<string, string>()
  const line = (text: string) => process.stderr.write(`${process.pid} ${printable(text)}\n`)
  let silent: string | null = null
  return (work) => {
    let changed = false
    for (const step of work.steps) {
      const key = `${step.state} ${step.restarts} ${step.node}`
      if (told.get(step.name) === key) continue
      told.set(step.name, key)
      line(`[${step.name}] ${stepWords(step)}`)
      changed = true
    }
    if (work.silent !== null && work.silent !== silent) line(`note: ${silentWords(work.silent)}`)
    silent = work.silent
    if (changed) line(clusterSummary(work.steps))
  }
}

/** What changes, drawn over what was there; of many steps, those that are worth a look. */
function tableOnTerminal(): (work: ClusterWork) => void {
  let drawn = 0
  return (work) => {
    const { rows = 24, columns = 80 } = process.stderr
    const lines = workText(work).split('\n')
    const most = Math.max(3, rows - 2)
    const shown = lines.length <= most ? lines : [...lines.slice(0, most - 1), `… ${lines.length - most + 1} more`]
    const up = drawn > 0 ? `\u001b[${drawn}A\u001b[J` : ''
    process.stderr.write(`${up}${shown.map((text) => printable(text).slice(0, columns - 1)).join('\n')}\n`)
    drawn = shown.length
  }
}

/** What happens now first, then what went wrong, what is still to come, what is done. */
const order: ClusterStep['state'][] = [
  'running',
  'failed',
  'cancelled',
  'requeued',
  'queued',
  'waiting',
  'unknown',
  'done',
]

function workText({ steps, silent }: ClusterWork): string {
  const sorted = [...steps].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
  return [
    clusterSummary(steps),
    ...(silent === null ? [] : [silentWords(silent)]),
    textTable([['step', 'task', 'state'], ...sorted.map((step) => [step.name, step.task, stepWords(step)])]),
  ].join('\n')
}

const silentWords = (silent: string) =>
  `Slurm could not be asked (${silent}): what is done is told by the project alone.`

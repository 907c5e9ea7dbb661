import { resolve } from 'node:path'
import type { ClusterWork } from '#protocol/cluster.ts'
import { EngineError } from '#protocol/errors.ts'
import type { EngineEvents } from '#protocol/events.ts'
import type { Params } from '#protocol/methods.ts'
import { clusterSummary, hasEnded, inOrderOfInterest, silentWords, stepWords } from '#pure/cluster/clusterWords.ts'
import { slurmCommand } from '#pure/cluster/slurmCommand.ts'
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

/**
 * Follows what was submitted of an experiment until all of it has ended: a table on a terminal, else a line a change. Ctrl+C
 * ends the view alone.
 * @throws EngineError 'cluster/nothing-submitted', or 'run/steps-failed' where not every step came to a result; Interrupted
 */
export async function attachToSlurm(file: string, options: AttachOptions): Promise<void> {
  const command = slurmCommand({ file, project: options.project, write: options.write })
  const work = await withEngine(async (engine) => {
    const name = await experimentOf(engine, file, options)
    const where = { name, ...folderOf(options) }
    const first = options.dryRun ? engine.request('cluster.work', where) : follow(engine, where)
    return (await first) ?? Promise.reject(nothingSubmitted(name, options))
  }).catch((error: unknown) => {
    if (error instanceof Interrupted)
      process.stderr.write(`The jobs go on. Look again: ${command} --attach; cancel them: ${command} --cancel\n`)
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

/** Watches until every step has ended, or at once where nothing was submitted. */
function follow(engine: EngineClient, where: Params<'cluster.watch'>): Promise<ClusterWork | null> {
  const show = process.stderr.isTTY ? tableOnTerminal() : linesOfChanges()
  return new Promise((resolve, reject) => {
    const see = (work: ClusterWork | null) => {
      if (work) show(work)
      if (work === null || work.steps.every(hasEnded)) resolve(work)
    }
    engine.listen((event, payload) => {
      if (event === 'cluster.changed') see((payload as EngineEvents['cluster.changed']).work)
    })
    engine.onLost(reject)
    engine.request('cluster.watch', where).then(see, reject)
  })
}

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

function workText({ steps, silent }: ClusterWork): string {
  return [
    clusterSummary(steps),
    ...(silent === null ? [] : [silentWords(silent)]),
    textTable([
      ['step', 'task', 'state'],
      ...inOrderOfInterest(steps).map((step) => [step.name, step.task, stepWords(step)]),
    ]),
  ].join('\n')
}

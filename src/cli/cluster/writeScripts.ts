import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { access, chmod, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { delimiter, dirname, join, resolve } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { SubmittedStep, SubmittedSteps } from '#protocol/cluster.ts'
import type { PlanStep } from '#protocol/project.ts'
import { batchJobs, type BatchJob } from '#pure/cluster/batchJobs.ts'
import { readSlurmSite } from '#pure/cluster/readSlurmSite.ts'
import { packName, slurmScripts } from '#pure/cluster/slurmScripts.ts'
import { shellWord } from '#pure/cluster/shellWord.ts'
import { slurmCommand } from '#pure/cluster/slurmCommand.ts'
import { stepKey } from '#pure/stepKey.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import type { EngineClient } from '../engineClient.ts'
import { printResult, type OutputOptions } from '../output.ts'
import { runJob } from '../runJob.ts'
import { withEngine } from '../withEngine.ts'

export interface SlurmOptions extends OutputOptions {
  project: string
  only?: string[]
  /** Where scripts are written that nobody submits; left out, they lie in the project and are submitted. */
  write?: string
  /** The site template; left out, slurm.yaml beside the experiment where it is there. */
  site?: string
  /** False: no pack is written beside the scripts. */
  pack?: boolean
}

/**
 * Writes the missing steps of an experiment as jobs of Slurm: into the project and submits them, or, with `write`, beside a pack
 * of the project and submits nothing.
 * @throws EngineError 'cluster/nothing-missing', 'cluster/site', 'cluster/no-site', 'cluster/no-sbatch', 'cluster/sbatch',
 *   'cluster/submitted-before'
 */
export async function runOnSlurm(file: string, options: SlurmOptions): Promise<void> {
  const where = { file: resolve(file), project: resolve(options.project), only: options.only }
  const site = await siteOf(file, options.site)
  if (options.write === undefined && !(await isOnPath('sbatch'))) throw noSbatch(file, options)
  const written = options.write === undefined ? null : await unused(options.write)
  const result = await withEngine(async (engine) => {
    const plan = await engine.request('experiment.planFile', where)
    const jobs = batchJobs(plan.steps, site.maxArraySize)
    if (jobs.length === 0)
      throw new EngineError(
        'cluster/nothing-missing',
        `Every step of "${plan.experiment}" is done in ${where.project}. See the results: isogloss compare --project ${shellWord(options.project)}`,
      )
    const folder = written ?? (await nextSubmission(where.project, plan.experiment))
    const place = { experiment: plan.experiment, file: where.file, project: where.project, folder }
    await mkdir(folder, { recursive: true })
    const submitted = {
      steps: submittedOf(jobs, plan.steps),
      file: where.file,
      ...(options.site === undefined ? {} : { site: resolve(options.site) }),
    } satisfies SubmittedSteps
    // Those of an earlier call that are not of these steps.
    for (const name of await readdir(folder)) if (/^\d+-.*\.sbatch$/.test(name)) await rm(join(folder, name))
    await writeFileAtomically(join(folder, 'steps.json'), JSON.stringify(submitted, null, 2))
    for (const { name, text } of slurmScripts(jobs, site, place)) {
      await writeFileAtomically(join(folder, name), text)
      if (name === 'submit.sh') await chmod(join(folder, name), 0o755)
    }
    const { pack, notPacked } =
      options.write === undefined || options.pack === false
        ? { pack: null, notPacked: null }
        : await packBeside(engine, where, folder)
    return { experiment: plan.experiment, folder, jobs, pack, notPacked, submitted: options.write === undefined }
  })
  const { folder, jobs, pack, notPacked } = result
  if (result.submitted) await submit(folder)
  const follow = slurmCommand({ file, project: options.project, write: options.write })
  printResult(options, result, () =>
    [
      `${jobs.length} jobs with ${jobs.reduce((sum, { tasks }) => sum + tasks.length, 0)} tasks in ${folder}`,
      ...(result.submitted
        ? ['Submitted.']
        : [
            `Nothing was submitted. On a submit host that sees this folder and the project: ${shellWord(join(folder, 'submit.sh'))}`,
            ...(pack === null
              ? []
              : [
                  `On another one: carry ${folder} there with ${packName}, which holds the project with its texts, and call submit.sh PROJECT: it unpacks and submits.`,
                ]),
            ...(notPacked === null ? [] : [notPacked]),
          ]),
      `How far they are: ${follow} --attach`,
      `To cancel all: ${follow} --cancel`,
    ].join('\n'),
  )
}

/** Writes the project's pack beside the scripts; where that cannot be, says why. */
async function packBeside(
  engine: EngineClient,
  where: { file: string; project: string; only: string[] | undefined },
  folder: string,
): Promise<{ pack: string | null; notPacked: string | null }> {
  const out = join(folder, packName)
  try {
    await runJob(engine, () => engine.request('cluster.pack', { ...where, out }))
    return { pack: out, notPacked: null }
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'cluster/not-carried') throw error
    // One of an earlier call is not of these scripts.
    await rm(out, { force: true })
    return { pack: null, notPacked: error.message }
  }
}

async function isOnPath(program: string): Promise<boolean> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter((one) => one !== '')) {
    const isThere = await access(join(folder, program), constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return true
  }
  return false
}

const noSbatch = (file: string, options: SlurmOptions) =>
  new EngineError(
    'cluster/no-sbatch',
    'There is no sbatch on this machine, so nothing was written or submitted. Call it on a submit host of the cluster; or write the scripts here and carry them there: ' +
      `${slurmCommand({ file, project: options.project, write: 'FOLDER' })}`,
  )

/** Makes each submission's own folder, so that those before it can be followed and cancelled too; of two at once each has one. */
async function nextSubmission(project: string, experiment: string): Promise<string> {
  const folder = join(project, 'slurm', experiment)
  await mkdir(folder, { recursive: true })
  for (;;) {
    const taken = (await readdir(folder)).map(Number).filter(Number.isInteger)
    const next = join(folder, String(Math.max(0, ...taken) + 1))
    const isOurs = await mkdir(next).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false
        throw error
      },
    )
    if (isOurs) return next
  }
}

/** Which task of which job makes what, for who follows them. */
function submittedOf(jobs: BatchJob[], steps: PlanStep[]): SubmittedStep[] {
  const byName = new Map(steps.map((step) => [stepKey(step), step]))
  return jobs.flatMap(({ name: job, tasks }) =>
    tasks.map((name, task) => {
      const { title, stage, id } = byName.get(name)!
      return { job, task, name, title, stage, id }
    }),
  )
}

async function siteOf(file: string, named: string | undefined) {
  const path = named ?? join(dirname(resolve(file)), 'slurm.yaml')
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && named === undefined) return ''
    throw new EngineError(
      'cluster/no-site',
      `The site template ${path} cannot be read (${error.code ?? error.message}). Name one that is there with --site; docs/cluster.md names its keys.`,
    )
  })
  return readSlurmSite(text, path)
}

/**
 * A folder for scripts that nothing was submitted from: the view reads there which job makes what.
 * @throws EngineError 'cluster/submitted-before'
 */
async function unused(write: string): Promise<string> {
  const folder = resolve(write)
  const names = await readdir(folder).catch((): string[] => [])
  if (names.includes('jobs.txt'))
    throw new EngineError(
      'cluster/submitted-before',
      `${folder} holds scripts that jobs were submitted from (jobs.txt). Name a folder that is new: --attach and --cancel reach the jobs of both.`,
    )
  return folder
}

function submit(folder: string): Promise<void> {
  const script = join(folder, 'submit.sh')
  const child = spawn('bash', [script], { stdio: ['ignore', 'ignore', 'inherit'] })
  return new Promise((done, reject) => {
    const failed = (reason: string) =>
      reject(
        new EngineError(
          'cluster/sbatch',
          `${script} did not submit all jobs (${reason}); those that it had submitted are cancelled. Run it where sbatch is, or look at what it said above.`,
        ),
      )
    child.on('error', ({ message }) => failed(message))
    child.on('exit', (code, signal) => (code === 0 ? done() : failed(signal ?? `exit code ${code}`)))
  })
}

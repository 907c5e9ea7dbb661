import { spawn } from 'node:child_process'
import { chmod, mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { SubmittedStep } from '#protocol/cluster.ts'
import type { PlanStep } from '#protocol/project.ts'
import { batchJobs, type BatchJob } from '#pure/cluster/batchJobs.ts'
import { readSlurmSite } from '#pure/cluster/readSlurmSite.ts'
import { slurmScripts } from '#pure/cluster/slurmScripts.ts'
import { shellWord } from '#pure/cluster/shellWord.ts'
import { stepKey } from '#pure/stepKey.ts'
import { writeFileAtomically } from '#engine/files/atomicFile.ts'
import { printResult, type OutputOptions } from '../output.ts'
import { withEngine } from '../withEngine.ts'

export interface SlurmOptions extends OutputOptions {
  project: string
  only?: string[]
  /** Where scripts are written that nobody submits; left out, they lie in the project and are submitted. */
  write?: string
  /** The site template; left out, slurm.yaml beside the experiment where it is there. */
  site?: string
}

/**
 * Writes the missing steps of an experiment as jobs of Slurm, and submits them where `write` is not set.
 * @throws EngineError 'cluster/nothing-missing', 'cluster/site', 'cluster/sbatch'
 */
export async function runOnSlurm(file: string, options: SlurmOptions): Promise<void> {
  const where = { file: resolve(file), project: resolve(options.project), only: options.only }
  const plan = await withEngine((engine) => engine.request('experiment.planFile', where))
  const site = await siteOf(file, options.site)
  const jobs = batchJobs(plan.steps, site.maxArraySize)
  if (jobs.length === 0)
    throw new EngineError(
      'cluster/nothing-missing',
      `Every step of "${plan.experiment}" is done in ${where.project}. See the results: isogloss compare --project ${options.project}`,
    )
  const folder =
    options.write === undefined ? await nextSubmission(where.project, plan.experiment) : resolve(options.write)
  const place = { experiment: plan.experiment, file: where.file, project: where.project, folder }
  await mkdir(folder, { recursive: true })
  await writeFileAtomically(
    join(folder, 'steps.json'),
    JSON.stringify({ ...submittedOf(jobs, plan.steps), command: commandOf(where, options.site) }, null, 2),
  )
  for (const { name, text } of slurmScripts(jobs, site, place)) {
    await writeFileAtomically(join(folder, name), text)
    if (name === 'submit.sh') await chmod(join(folder, name), 0o755)
  }
  const tasks = jobs.reduce((sum, job) => sum + job.tasks.length, 0)
  if (options.write === undefined) await submit(folder)
  const result = { experiment: plan.experiment, folder, jobs, submitted: options.write === undefined }
  const follow = `isogloss run ${file} --project ${options.project} --slurm${options.write === undefined ? '' : ` --write ${options.write}`}`
  printResult(options, result, () =>
    [
      `${jobs.length} jobs with ${tasks} tasks in ${folder}`,
      result.submitted ? 'Submitted.' : `Nothing was submitted. On a submit host: ${join(folder, 'submit.sh')}`,
      `How far they are: ${follow} --attach`,
      `To cancel all: ${follow} --cancel`,
    ].join('\n'),
  )
}

/** Each submission has a folder of its own, so that those before it can be followed and cancelled too. */
async function nextSubmission(project: string, experiment: string): Promise<string> {
  const folder = join(project, 'slurm', experiment)
  const taken = (await readdir(folder).catch(() => [])).map(Number).filter(Number.isInteger)
  return join(folder, String(Math.max(0, ...taken) + 1))
}

/** Which task of which job makes what, for who follows them. */
function submittedOf(jobs: BatchJob[], steps: PlanStep[]): { steps: SubmittedStep[] } {
  const byName = new Map(steps.map((step) => [stepKey(step), step]))
  return {
    steps: jobs.flatMap(({ name: job, tasks }) =>
      tasks.map((name, task) => {
        const { title, stage, id } = byName.get(name)!
        return { job, task, name, title, stage, id }
      }),
    ),
  }
}

/** What submits what is missing, from any folder. */
const commandOf = ({ file, project }: { file: string; project: string }, site: string | undefined) =>
  ['isogloss', 'run', file, '--project', project, '--slurm', ...(site === undefined ? [] : ['--site', resolve(site)])]
    .map(shellWord)
    .join(' ')

async function siteOf(file: string, named: string | undefined) {
  const path = named ?? join(dirname(resolve(file)), 'slurm.yaml')
  const isThere = named !== undefined || (await stat(path).catch(() => null)) !== null
  return readSlurmSite(isThere ? await readFile(path, 'utf8') : '', path)
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

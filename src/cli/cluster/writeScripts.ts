import { spawn } from 'node:child_process'
import { chmod, mkdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import { batchJobs } from '#pure/cluster/batchJobs.ts'
import { readSlurmSite } from '#pure/cluster/readSlurmSite.ts'
import { slurmScripts } from '#pure/cluster/slurmScripts.ts'
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
  const folder = resolve(options.write ?? join(where.project, 'slurm', plan.experiment))
  const place = { experiment: plan.experiment, file: where.file, project: where.project, folder }
  await mkdir(folder, { recursive: true })
  for (const { name, text } of slurmScripts(jobs, site, place)) {
    await writeFileAtomically(join(folder, name), text)
    if (name === 'submit.sh') await chmod(join(folder, name), 0o755)
  }
  const tasks = jobs.reduce((sum, job) => sum + job.tasks.length, 0)
  if (options.write === undefined) await submit(folder)
  const result = { experiment: plan.experiment, folder, jobs, submitted: options.write === undefined }
  printResult(options, result, () =>
    [
      `${jobs.length} jobs with ${tasks} tasks in ${folder}`,
      result.submitted
        ? `Submitted; jobs.txt lists them. How far they are: isogloss run ${file} --project ${options.project} --dry-run, and squeue. To cancel all: scancel $(cut -d' ' -f1 ${join(folder, 'jobs.txt')})`
        : `Nothing was submitted. On a submit host: ${join(folder, 'submit.sh')}`,
    ].join('\n'),
  )
}

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

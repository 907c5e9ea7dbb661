import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { expect } from '@playwright/test'
import { isogloss } from '../src/cli/integration/commandLine.ts'

/**
 * Work of an experiment on a cluster, as submit.sh leaves it, and programs that answer in Slurm's place: the steps that are
 * missing, two stages that are done, and further runs that are in no plan. The real Slurm is for `npm run test:slurm`.
 */
export async function fakeSlurm(directory: string, project: string, experiment: string) {
  const bin = join(directory, 'slurm-bin')
  const folder = join(project, 'slurm', experiment, '1')
  const place = (name: string) => join(bin, name)
  await mkdir(bin, { recursive: true })
  const file = join(directory, `${experiment}.yaml`)
  const written = await isogloss('run', file, '--project', project, '--slurm', '--write', folder, '--no-pack', '--json')
  expect(written.code, written.stderr).toBe(0)
  const path = join(folder, 'steps.json')
  const submitted = JSON.parse(await readFile(path, 'utf8')) as { steps: { job: string; task: number; id: string }[] }
  expect(submitted.steps).toHaveLength(1)
  const done = []
  for (const [i, [kind, stage]] of [
    ['corpora', 'import'],
    ['vocabularies', 'vocabulary'],
  ].entries()) {
    const [id] = (await readdir(join(project, kind!))).filter((name) => /^[0-9a-f]{16}$/.test(name))
    done.push({ job: 'runs-1', task: 20 + i, name: stage, title: stage, stage, id })
  }
  const more = [2, 3, 4, 5, 6, 7].map((seed) => ({
    ...{
      job: 'runs-1',
      task: seed - 1,
      name: `kd/mtl/${seed}`,
      title: `Train kd/mtl, seed ${seed}`,
      stage: 'training',
    },
    id: `00000000000000f${seed}`,
  }))
  await writeFile(path, JSON.stringify({ ...submitted, steps: [...submitted.steps, ...more, ...done] }))
  await writeFile(join(folder, 'jobs.txt'), '7 runs-1\n')
  await mkdir(join(folder, 'logs'), { recursive: true })
  const log = (task: number, text: string) =>
    writeFile(join(folder, 'logs', `${experiment}-runs-1-7_${task}.txt`), text)
  await log(0, '4711 [kd/stl/1] epoch 3: dev loss 2.104\n')
  await log(1, '4712 [kd/mtl/2] epoch 1\nproject/outside: it leads out of the project\n')
  // Who makes it says so by its lock.
  const holder = {
    host: 'elsewhere.example',
    processId: 1,
    processStart: '',
    since: new Date().toISOString(),
    token: 't',
  }
  await mkdir(join(project, 'runs'), { recursive: true })
  const lock = join(project, 'runs', `${more[5]!.id}.lock`)
  await writeFile(lock, JSON.stringify(holder))

  const program = async (name: string, text: string) => {
    await writeFile(place(`${name}.new`), `#!/bin/sh\n${text}\n`)
    await chmod(place(`${name}.new`), 0o755)
    await rename(place(`${name}.new`), place(name))
  }
  const answer = async (text: string) => {
    await writeFile(place('queue'), text)
    await program('squeue', `cat '${place('queue')}'`)
  }
  await program('sacct', 'echo "accounting storage is disabled" >&2; exit 1')
  await program(
    'scancel',
    `echo "$*" > '${place('told')}'; sed -i 's/|RUNNING|[^|]*|/|CANCELLED|None|/; s/|PENDING|[^|]*|/|CANCELLED|None|/' '${place('queue')}'`,
  )
  const pathBefore = process.env.PATH
  process.env.PATH = `${bin}${delimiter}${pathBefore}`
  return {
    /** The controller cannot be reached. */
    down: () =>
      program(
        'squeue',
        'echo "slurm_load_jobs error: Unable to contact slurm controller (connect failure)" >&2; exit 1',
      ),
    /** What squeue says from now on. */
    answer,
    cancelled: async () => (await readFile(place('told'), 'utf8')).trim(),
    async remove() {
      process.env.PATH = pathBefore
      await rm(lock, { force: true })
      await rm(join(project, 'slurm'), { recursive: true })
    },
  }
}

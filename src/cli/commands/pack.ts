import { resolve } from 'node:path'
import { printResult, type OutputOptions } from '../output.ts'
import { runJob } from '../runJob.ts'
import { withEngine } from '../withEngine.ts'

export interface PackOptions extends OutputOptions {
  project: string
  out: string
  withoutText?: boolean
  roundCoordinates?: number
  run?: string
}

/** `pack`: a project, or one run of it, in one file for others. */
export async function pack({ project, ...options }: PackOptions): Promise<void> {
  const { run, roundCoordinates: roundedKm = null, withoutText = false } = options
  const out = resolve(options.out)
  await withEngine(async (engine) => {
    await engine.request('project.open', { directory: resolve(project) })
    await runJob(engine, () =>
      engine.request('project.pack', { out, withoutText, roundedKm, ...(run === undefined ? {} : { run }) }),
    )
    printResult(options, { out, withoutText, roundedKm, run: run ?? null }, () => `${out} is written.`)
  })
}

/** `unpack`: a pack as a project in a new folder. */
export async function unpack(file: string, options: OutputOptions & { project: string }): Promise<void> {
  const directory = resolve(options.project)
  await withEngine(async (engine) => {
    await runJob(engine, () => engine.request('project.unpack', { file: resolve(file), directory }))
    printResult(options, { project: directory }, () => `The project is in ${directory}.`)
  })
}

import { resolve } from 'node:path'
import { printResult, type OutputOptions } from '../output.ts'
import { runJob } from '../runJob.ts'
import { withEngine } from '../withEngine.ts'

/** `replay`: makes a finished run again and says whether it is the same to the bit. */
export async function replay(run: string, options: OutputOptions & { project: string }): Promise<void> {
  await withEngine(async (engine) => {
    await engine.request('project.open', { directory: resolve(options.project) })
    let asked = ''
    await runJob(engine, async () => {
      const { job } = await engine.request('run.replay', { run })
      asked = job
      return { job }
    })
    const found = await engine.request('run.replayed', { job: asked })
    printResult(options, found, () =>
      found.same ? `Run ${run} is the same to the bit.` : `Run ${run} differs: ${found.differs.join('; ')}.`,
    )
    if (!found.same) process.exitCode = 1
  })
}

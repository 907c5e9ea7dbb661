import { resolve } from 'node:path'
import type { Verification } from '#protocol/project.ts'
import { printResult, type OutputOptions } from '../output.ts'
import { runJob } from '../runJob.ts'
import { withEngine } from '../withEngine.ts'

/** `verify`: reads every file of a project's artefacts and names those that are not as they were written. */
export async function verify({ project, ...output }: OutputOptions & { project: string }): Promise<void> {
  const found = await withEngine(async (engine) => {
    await engine.request('project.open', { directory: resolve(project) })
    await runJob(engine, () => engine.request('project.verify', {}))
    return (await engine.request('project.verification', {}))!
  })
  printResult(output, found, () => verificationText(found))
  if (found.damaged.length > 0) process.exitCode = 1
}

function verificationText({ artefacts, files, bytes, damaged }: Verification): string {
  const read = `${artefacts} artefacts, ${files} files, ${bytes.toLocaleString('en')} bytes`
  if (damaged.length === 0) return `${read}: all as they were written.`
  return [
    ...damaged.map(({ file, reason }) => `${file}: ${reason}`),
    `${read}: ${damaged.length} damaged. Delete their artefacts (folders, or Artefacts in the window) and run the experiment: it makes them again.`,
  ].join('\n')
}

import { rename, rm } from 'node:fs/promises'
import { EngineError } from '#protocol/errors.ts'
import { stepKey } from '#pure/stepKey.ts'
import { temporaryBeside } from '#engine/files/exclusiveFile.mjs'
import { packProject } from '#engine/runs/pack/packProject.ts'
import { planExperiment } from '#engine/runs/planExperiment.ts'
import { sourceFiles } from '#engine/runs/sourceFiles.ts'
import type { StoredExperiment } from '#engine/runs/storedExperiment.ts'
import { jobContext } from './jobContext.ts'
import type { Job } from './jobs.ts'
import { lockedExperiment, type ExperimentOfJob } from './lockedExperiment.ts'

/**
 * Packs a project with an experiment for a cluster that does not see its folder, in place of an earlier pack.
 * @param only the steps that are to be made there; left out, all
 * @throws EngineError 'cluster/not-carried' where a missing step reads a file that no pack has
 */
export function clusterPackJob(
  subject: ExperimentOfJob,
  { out, only }: { out: string; only?: string[] | undefined },
  job: Job,
): Promise<void> {
  return lockedExperiment(subject, job, async (stored, { signal }) => {
    await refuseFiles(stored, only)
    const { project, experiment } = subject
    const written = temporaryBeside(out)
    const request = { out: written, run: null, experiments: [experiment.name], withoutText: false, roundedKm: null }
    try {
      const context = jobContext({ ...job, signal }, 'evaluation', 'Pack the project')
      await packProject(project.directory, project.store, request, context)
      await rename(written, out)
    } finally {
      await rm(written, { force: true })
    }
  })
}

async function refuseFiles(stored: StoredExperiment, only: string[] | undefined): Promise<void> {
  const missing = (await planExperiment(stored, { only })).filter(({ state }) => state !== 'done')
  const reading = missing.filter((step) => sourceFiles(stored.experiment, step).length > 0)
  if (reading.length === 0) return
  const files = [...new Set(reading.flatMap((step) => sourceFiles(stored.experiment, step)))]
  throw new EngineError(
    'cluster/not-carried',
    `No pack was written: files that no pack has (${files.join(', ')}) are yet to be read, for ${reading.map(stepKey).join(', ')}. ` +
      `Where the cluster sees the project under the same path, no pack is needed; else make these steps here first, with --only ${reading.map(stepKey).join(' ')}, and write the scripts again.`,
    { steps: reading.map(stepKey), files },
  )
}

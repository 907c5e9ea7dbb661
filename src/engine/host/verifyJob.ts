import { verifyArtefacts } from '#engine/runs/verifyArtefacts.ts'
import { jobContext } from './jobContext.ts'
import type { Job } from './jobs.ts'
import type { Project } from './project.ts'

/** Checks every file of a project as a job; readers need no lock. The project keeps what was found. */
export async function verifyJob(project: Project, job: Job): Promise<void> {
  project.verification = null
  const context = jobContext(job, 'evaluation', 'Verify the artefacts')
  project.verification = await verifyArtefacts(project.directory, project.store, context)
}

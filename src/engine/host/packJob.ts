import { packProject, type PackRequest } from '#engine/runs/pack/packProject.ts'
import { unpackProject } from '#engine/runs/pack/unpackProject.ts'
import { jobContext } from './jobContext.ts'
import type { Job } from './jobs.ts'
import type { Project } from './project.ts'

/** Packs a project as a job; readers need no lock. */
export const packJob = (project: Project, request: PackRequest, job: Job): Promise<void> =>
  packProject(project.directory, project.store, request, jobContext(job, 'evaluation', 'Pack the project'))

export const unpackJob = (file: string, directory: string, job: Job): Promise<void> =>
  unpackProject(file, directory, jobContext(job, 'evaluation', 'Unpack the project'))

import { resolve } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import type { ProjectView } from '#protocol/methods.ts'
import { createProject, openOrCreateProject, openProject } from '#engine/runs/projectFolder.ts'
import type { Grants } from './grants.ts'
import { Project } from './project.ts'

/** Which project one client has open. A job takes the project when it starts and keeps it, whatever is opened meanwhile. */
export class Session {
  #project: Project | null = null
  readonly #grants: Grants

  /** @param grants the paths that the client may name, for the files that experiments name */
  constructor(grants: Grants) {
    this.#grants = grants
  }

  /** The open project's folder; null where none is open. */
  get directory(): string | null {
    return this.#project?.directory ?? null
  }

  /** @throws EngineError 'project/none-open' */
  get project(): Project {
    if (!this.#project) {
      throw new EngineError('project/none-open', 'No project is open; this needs one. Open or create a project first.')
    }
    return this.#project
  }

  async create(directory: string, name: string | undefined, signal: AbortSignal): Promise<ProjectView> {
    await createProject(directory, name)
    return this.#adopt(directory).view(signal)
  }

  async open(directory: string, signal: AbortSignal): Promise<ProjectView> {
    await openProject(resolve(directory))
    return this.#adopt(directory).view(signal)
  }

  async openOrCreate(directory: string): Promise<Project> {
    await openOrCreateProject(resolve(directory))
    return this.#adopt(directory)
  }

  /** What was thrown away of the open project can be brought back until now. */
  async emptyTrash(): Promise<void> {
    await this.#project?.store.emptyTrash()
  }

  close(): void {
    this.#project = null
  }

  #adopt(directory: string): Project {
    this.#project = new Project(resolve(directory), this.#grants)
    return this.#project
  }
}

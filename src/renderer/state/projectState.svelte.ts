import { EngineError } from '#protocol/errors.ts'
import type { ProjectView } from '#protocol/methods.ts'
import type { CorpusSummary } from '#protocol/corpus.ts'
import type { Plan } from '#protocol/project.ts'
import { bridge } from './bridge.ts'
import type { EngineConnection } from './engineConnection.ts'
import { Resource } from './resource.svelte.ts'

/** The open project, the experiment of it that is looked at, and that experiment's plan. */
export class ProjectState {
  view = $state.raw<ProjectView | null>(null)
  recent = $state.raw<string[]>([])
  opening = $state<string | null>(null)
  experiment = $state<string | null>(null)
  readonly plan = new Resource<Plan>()
  readonly #connection: EngineConnection
  #turn = 0

  constructor(connection: EngineConnection) {
    this.#connection = connection
  }

  /** The corpus of the experiment that is looked at, once it is imported. */
  get corpus(): CorpusSummary | null {
    const step = this.plan.value?.steps.find(({ stage }) => stage === 'import')
    return this.view?.corpora.find(({ id }) => id === step?.id) ?? null
  }

  /** @throws EngineError where the folder holds no project, another program has it, or it was left meanwhile ('project/left') */
  async open(directory: string, create = false): Promise<void> {
    const turn = ++this.#turn
    const stillWanted = () => {
      if (turn !== this.#turn)
        throw new EngineError('project/left', `${directory} was left before it was open. Open it again.`)
    }
    this.opening = directory
    try {
      const view = await this.#connection.request(create ? 'project.create' : 'project.open', { directory })
      stillWanted()
      this.view = view
      this.recent = await bridge.call('rememberProject', view.directory)
      const { name } = await this.#connection.request('project.lastExperiment', {})
      stillWanted()
      this.choose(name !== null && view.experiments.includes(name) ? name : (view.experiments[0] ?? null))
    } finally {
      if (turn === this.#turn) this.opening = null
    }
  }

  /** A fresh engine knows nothing of the project that the window has open. */
  async reopen(): Promise<void> {
    if (!this.view) return
    this.view = await this.#connection.request('project.open', { directory: this.view.directory })
    await this.replan()
  }

  /** Leaves the project, or stops the opening of one. */
  async close(): Promise<void> {
    this.#turn++
    this.opening = null
    await this.#connection.request('project.close', {})
    this.view = null
    this.choose(null)
    this.recent = await bridge.call('rememberProject', null)
  }

  async refresh(): Promise<void> {
    if (!this.view) return
    this.view = await this.#connection.request('project.view', {})
    await this.replan()
  }

  choose(experiment: string | null): void {
    this.experiment = experiment
    this.plan.clear()
    void this.replan()
  }

  async replan(): Promise<void> {
    const name = this.experiment
    if (name === null) return this.plan.clear()
    await this.plan.refresh(() => this.#connection.request('experiment.plan', { name }))
  }
}

import type { ClusterWork } from '#protocol/cluster.ts'
import { hasEnded } from '#pure/cluster/clusterWords.ts'
import type { EngineConnection } from '../../state/engineConnection.ts'
import { Resource } from '../../state/resource.svelte.ts'

/** What becomes of the window when results come from a cluster. */
interface Arrival {
  /** A step is done that was not at the look before. */
  step(): void
  /** Results are to be shown that were not there when the views last asked. */
  results(): void
}

/** What was given to a cluster of the experiment that is looked at; the engine watches it and tells of changes. */
export class ClusterState {
  /** Null where nothing was. */
  readonly work = new Resource<ClusterWork | null>()
  /** Runs that are done and that the views of results have not read yet. */
  unread = $state(0)
  readonly #connection: EngineConnection
  #experiment: string | null = null

  constructor(connection: EngineConnection, arrival: Arrival) {
    this.#connection = connection
    connection.on('cluster.changed', ({ experiment, work }) => {
      if (experiment !== this.#experiment) return
      const before = new Set(doneOf(this.work.value).map(({ id }) => id))
      const fresh = doneOf(work).filter(({ id }) => !before.has(id))
      void this.work.refresh(() => Promise.resolve(work))
      if (fresh.length === 0) return
      this.unread += fresh.filter(({ stage }) => stage === 'training').length
      arrival.step()
      // While some still work, it is for the person to say when what they look at may change.
      if (this.unread > 0 && work?.steps.every(hasEnded)) arrival.results()
    })
  }

  /** Another experiment, or the same one again: what is shown of that stays until the answer has come. */
  look(experiment: string | null): void {
    if (experiment !== this.#experiment) this.work.clear()
    this.#experiment = experiment
    this.unread = 0
    if (experiment === null) return
    void this.work.refresh(() => this.#connection.request('cluster.watch', { name: experiment }))
  }

  /**
   * Has Slurm cancel all jobs of the experiment.
   * @throws EngineError 'cluster/scancel'
   */
  async cancel(): Promise<void> {
    const name = this.#experiment
    if (name === null) return
    await this.#connection.request('cluster.cancel', { name })
    void this.work.refresh(() => this.#connection.request('cluster.watch', { name }))
  }
}

const doneOf = (work: ClusterWork | null) => work?.steps.filter(({ state }) => state === 'done') ?? []

import type { LabelMap } from '#protocol/labelSets.ts'
import type { RunErrors, RunSummary } from '#protocol/runs.ts'
import type { EngineConnection } from './engineConnection.ts'
import { Resource } from './resource.svelte.ts'

/**
 * What several views show of the experiment that is looked at, asked for when one of them first does: its runs, their
 * errors, its label maps, and which run and document were chosen.
 */
export class ResultsState {
  readonly labelMaps = new Resource<LabelMap[]>()
  readonly runs = new Resource<RunSummary[]>()
  readonly errors = new Resource<RunErrors[]>()
  /** Id of the chosen run. */
  run = $state<string | null>(null)
  /** The document that is looked at, as its row in the corpus. */
  row = $state<number | null>(null)
  #experiment: string | null = null
  readonly #connection: EngineConnection
  /** Of finished runs; a run's id is its content, so what is known of it stays true. */
  readonly #errorsOfRun = new Map<string, RunErrors>()

  constructor(connection: EngineConnection) {
    this.#connection = connection
  }

  get finished(): RunSummary[] {
    return this.runs.value?.filter(({ status }) => status === 'finished') ?? []
  }

  get chosen(): RunSummary | null {
    return this.finished.find(({ id }) => id === this.run) ?? this.finished[0] ?? null
  }

  get chosenErrors(): RunErrors | null {
    return this.errors.value?.find(({ run }) => run.id === this.chosen?.id) ?? null
  }

  get chosenLabels(): LabelMap | null {
    return this.labelMaps.value?.find(({ summary }) => summary.name === this.chosen?.labels) ?? null
  }

  /** Another experiment, or the same one with more done: everything is asked for again. */
  look(experiment: string | null): void {
    if (experiment !== this.#experiment) {
      this.run = null
      this.row = null
    }
    this.#experiment = experiment
    for (const resource of [this.labelMaps, this.runs, this.errors]) resource.clear()
    if (experiment !== null)
      void this.runs.load(() => this.#connection.request('experiment.runs', { name: experiment }))
  }

  needLabels(): void {
    const name = this.#experiment
    if (name === null || this.labelMaps.current.state !== 'idle') return
    void this.labelMaps.load(async () => {
      const sets = await this.#connection.request('experiment.labelSets', { name })
      const maps: LabelMap[] = []
      for (const set of sets)
        maps.push(await this.#connection.request('labels.map', { experiment: name, labels: set.name }))
      return maps
    })
  }

  needErrors(): void {
    if (this.errors.current.state !== 'idle' || this.finished.length === 0) return
    const runs = this.finished
    void this.errors.load(async () => {
      const all: RunErrors[] = []
      for (const run of runs) {
        const known = this.#errorsOfRun.get(run.id) ?? {
          ...(await this.#connection.request('run.errors', { run: run.id })),
          run,
        }
        this.#errorsOfRun.set(run.id, known)
        all.push(known)
      }
      return all
    })
  }

  /** After a failure: what failed or was read is asked for again. */
  again(...resources: ('errors' | 'labelMaps')[]): void {
    for (const name of resources) {
      this[name].clear()
      if (name === 'errors') this.needErrors()
      else this.needLabels()
    }
  }
}

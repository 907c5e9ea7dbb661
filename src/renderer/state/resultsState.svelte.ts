import type {
  Comparison,
  ComparisonSlices,
  DocumentView,
  EpochMetrics,
  LabelMap,
  Prediction,
  RunErrors,
  RunSummary,
} from '#protocol/results.ts'
import type { EngineConnection } from './engineConnection.ts'
import { Resource } from './resource.svelte.ts'
import { toError } from './toError.ts'

/** What the experiment that is looked at has brought, asked for when a view first shows it. */
export class ResultsState {
  readonly labelMaps = new Resource<LabelMap[]>()
  readonly comparison = new Resource<Comparison>()
  readonly slices = new Resource<ComparisonSlices>()
  readonly runs = new Resource<RunSummary[]>()
  readonly errors = new Resource<RunErrors[]>()
  readonly curves = new Resource<{ run: RunSummary; epochs: EpochMetrics[] }[]>()
  readonly document = new Resource<DocumentView>()
  prediction = $state.raw<Prediction | null>(null)
  predicting = $state(false)
  predictionError = $state.raw<Error | null>(null)
  run = $state<string | null>(null)
  row = $state<number | null>(null)
  /** The further column of the corpus that slices the comparison. */
  column = $state<string | null>(null)
  #experiment: string | null = null
  #predictions = 0
  readonly #resources = [this.labelMaps, this.comparison, this.slices, this.runs, this.errors, this.curves]
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
      this.column = null
      this.forgetDocument()
    }
    this.#experiment = experiment
    for (const resource of this.#resources) resource.clear()
    if (experiment !== null) void this.runs.load(() => this.#connection.request('experiment.runs', { name: experiment }))
  }

  needLabels(): void {
    const name = this.#experiment
    if (name === null || this.labelMaps.current.state !== 'idle') return
    void this.labelMaps.load(async () => {
      const sets = await this.#connection.request('experiment.labelSets', { name })
      const maps: LabelMap[] = []
      for (const set of sets) maps.push(await this.#connection.request('labels.map', { experiment: name, labels: set.name }))
      return maps
    })
  }

  needComparison(): void {
    const name = this.#experiment
    if (name === null || this.comparison.current.state !== 'idle') return
    void this.comparison.load(() => this.#connection.request('experiment.comparison', { name }))
  }

  /** Results on each value of a further column of the corpus; null shows none. */
  sliceBy(column: string | null): void {
    this.column = column
    this.slices.clear()
    this.needSlices()
  }

  needSlices(): void {
    const [name, column] = [this.#experiment, this.column]
    if (name === null || column === null || this.slices.current.state !== 'idle') return
    void this.slices.load(() => this.#connection.request('experiment.slices', { name, column }))
  }

  needErrors(): void {
    if (this.errors.current.state !== 'idle' || this.finished.length === 0) return
    const runs = this.finished
    void this.errors.load(async () => {
      const all: RunErrors[] = []
      for (const run of runs) {
        const known = this.#errorsOfRun.get(run.id) ?? { ...(await this.#connection.request('run.errors', { run: run.id })), run }
        this.#errorsOfRun.set(run.id, known)
        all.push(known)
      }
      return all
    })
  }

  needCurves(): void {
    if (this.curves.current.state !== 'idle' || this.finished.length === 0) return
    const runs = this.finished
    void this.curves.load(async () => {
      const curves = []
      for (const run of runs) curves.push({ run, epochs: await this.#connection.request('run.metrics', { run: run.id }) })
      return curves
    })
  }

  chooseRun(run: string): void {
    if (run === this.run) return
    this.run = run
    if (this.row !== null) this.open(this.row)
  }

  /** Reads a document and asks the chosen run where it is from. */
  open(row: number): void {
    const run = this.chosen?.id
    if (!run) return
    this.row = row
    this.prediction = null
    void this.document
      .load(() => this.#connection.request('run.document', { run, row }))
      .then(() => {
        const document = this.document.value
        if (document && this.row === row) return this.predict(document.text)
      })
  }

  async predict(text: string): Promise<void> {
    const run = this.chosen?.id
    if (!run) return
    const turn = ++this.#predictions
    this.predicting = true
    this.predictionError = null
    try {
      const prediction = await this.#connection.request('run.predict', { run, text })
      if (turn === this.#predictions) this.prediction = prediction
    } catch (error) {
      if (turn === this.#predictions) this.predictionError = toError(error)
    } finally {
      if (turn === this.#predictions) this.predicting = false
    }
  }

  forgetDocument(): void {
    this.#predictions++
    this.row = null
    this.prediction = null
    this.predicting = false
    this.predictionError = null
    this.document.clear()
  }
}

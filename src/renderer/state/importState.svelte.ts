import type { ColumnNames, CorpusFormat, CorpusSettings, ExperimentInput, SplitSettings } from '#protocol/experiment.ts'
import type { Fold, ImportPreview } from '#protocol/results.ts'
import type { EngineConnection } from './engineConnection.ts'
import { Resource } from './resource.svelte.ts'

export interface ChosenFile {
  path: string
  fold: Fold
}

export const columnRoles = ['text', 'lat', 'lon', 'author', 'answers'] as const
export type ColumnRole = (typeof columnRoles)[number]

/** A corpus on its way in: its files and their folds, what the first rows look like, and how it will be divided. */
export class ImportState {
  files = $state.raw<ChosenFile[]>([])
  format = $state<CorpusFormat | null>(null)
  columns = $state.raw<ColumnNames>({})
  divide = $state(true)
  split = $state<SplitSettings>({ dev: 0.1, test: 0.1, seed: 1 })
  coordinate = $state<'first' | 'median'>('first')
  readonly preview = new Resource<ImportPreview>()
  readonly #connection: EngineConnection

  constructor(connection: EngineConnection) {
    this.#connection = connection
  }

  get train(): string[] {
    return this.files.filter(({ fold }) => fold === 'train').map(({ path }) => path)
  }

  /** The column that will be used for a role: the chosen one, else the guessed one. */
  column(role: ColumnRole): string | undefined {
    return this.columns[role] ?? this.preview.value?.guessed[role]
  }

  /** What is to be previewed: the training files, or all files while none is for training. */
  get #previewed(): string[] {
    return this.train.length > 0 ? this.train : this.files.map(({ path }) => path)
  }

  add(paths: string[]): void {
    const fresh = paths.filter((path) => !this.files.some((file) => file.path === path))
    if (fresh.length === 0) return
    this.files = [...this.files, ...fresh.map((path) => ({ path, fold: foldOf(path) }))]
    // A lone file is there to be divided, whatever its name.
    if (this.files.length === 1) this.files = [{ path: fresh[0]!, fold: 'train' }]
    this.look()
  }

  remove(path: string): void {
    this.files = this.files.filter((file) => file.path !== path)
    this.look()
  }

  setFold(path: string, fold: Fold): void {
    this.files = this.files.map((file) => (file.path === path ? { ...file, fold } : file))
    this.look()
  }

  setFormat(format: CorpusFormat | null): void {
    this.format = format
    this.columns = {}
    this.look()
  }

  setColumn(role: ColumnRole, column: string | undefined): void {
    this.columns = { ...this.columns, [role]: column }
    this.look()
  }

  swapCoordinates(): void {
    this.columns = { ...this.columns, lat: this.column('lon'), lon: this.column('lat') }
    this.look()
  }

  clear(): void {
    this.files = []
    this.format = null
    this.columns = {}
    this.preview.clear()
  }

  look(): void {
    const files = this.#previewed
    if (files.length === 0) return this.preview.clear()
    const { format, columns } = this
    const chosen = Object.values(columns).some((column) => column !== undefined)
    void this.preview.refresh(() =>
      this.#connection.request('corpus.preview', { files, ...(format ? { format } : {}), ...(chosen ? { columns } : {}) }),
    )
  }

  /** The corpus section of the experiment that these choices make. */
  settings(): ExperimentInput['corpus'] & CorpusSettings {
    const of = (wanted: Fold) => this.files.filter(({ fold }) => fold === wanted).map(({ path }) => path)
    const [dev, test] = [of('dev'), of('test')]
    const format = (this.format ?? this.preview.value?.format) as CorpusFormat | undefined
    const columns = Object.fromEntries(columnRoles.flatMap((role) => (this.column(role) ? [[role, this.column(role)]] : [])))
    return {
      train: of('train'),
      ...(dev.length ? { dev } : {}),
      ...(test.length ? { test } : {}),
      split: this.divide ? { ...this.split } : 'none',
      ...(format ? { format } : {}),
      ...(Object.keys(columns).length > 0 && this.preview.value?.columns.length ? { columns } : {}),
      coordinate: this.coordinate,
      duplicates: 'keep',
    }
  }
}

/** The fold that a file's name speaks of; most are for training. */
function foldOf(path: string): Fold {
  const name = baseName(path).toLowerCase()
  if (/(^|[._-])(dev|valid|validation)([._-]|$)/.test(name)) return 'dev'
  return /(^|[._-])test([._-]|$)/.test(name) ? 'test' : 'train'
}

export const baseName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path

import type { ColumnNames, CorpusFormat, CorpusSettings, ExperimentInput, SplitSettings } from '#protocol/experiment.ts'
import type { Fold, ImportPreview } from '#protocol/corpus.ts'
import type { EngineConnection } from './engineConnection.ts'
import { Resource } from './resource.svelte.ts'

export interface ChosenFile {
  path: string
  fold: Fold
}

/** Columns that are chosen one by one. */
export type ColumnRole = 'text' | 'lat' | 'lon' | 'point' | 'author' | 'fold' | 'question' | 'response'

/** What is said of how the files are to be read; what is left out is guessed. */
export type ReadingWishes = Pick<
  CorpusSettings,
  | 'format'
  | 'encoding'
  | 'delimiter'
  | 'quote'
  | 'header'
  | 'sheet'
  | 'missing'
  | 'answerSeparator'
  | 'crs'
  | 'codes'
  | 'sites'
  | 'keepPersonal'
>

/** A corpus on its way in: its files and their folds, what the first rows look like, and how it will be divided. */
export class ImportState {
  files = $state.raw<ChosenFile[]>([])
  wishes = $state.raw<ReadingWishes>({})
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
  column<Role extends ColumnRole | 'answers'>(role: Role): ColumnNames[Role] {
    return this.columns[role] ?? this.preview.value?.guessed[role]
  }

  settingOf<Name extends keyof ReadingWishes>(name: Name): ReadingWishes[Name] {
    return this.wishes[name]
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

  /** @returns brings back what was chosen before */
  remove(path: string): () => void {
    const undo = this.#undo()
    this.files = this.files.filter((file) => file.path !== path)
    this.look()
    return undo
  }

  setFold(path: string, fold: Fold): void {
    this.files = this.files.map((file) => (file.path === path ? { ...file, fold } : file))
    this.look()
  }

  setFormat(format: CorpusFormat | null): void {
    this.columns = {}
    this.set('format', format ?? undefined)
  }

  set<Name extends keyof ReadingWishes>(name: Name, value: ReadingWishes[Name]): void {
    this.wishes = { ...this.wishes, [name]: value }
    // Other columns come of it.
    if (name === 'delimiter' || name === 'header' || name === 'sheet' || name === 'sites') this.columns = {}
    this.look()
  }

  setAnswers(patterns: string[]): void {
    this.columns = { ...this.columns, answers: patterns.length > 1 ? patterns : patterns[0] }
    this.look()
  }

  setMissing(values: string[]): void {
    this.set('missing', values.length > 0 ? values : undefined)
  }

  setColumn(role: ColumnRole, column: string | undefined): void {
    this.columns = { ...this.columns, [role]: column }
    this.look()
  }

  swapCoordinates(): void {
    const point = this.column('point')
    if (point !== undefined) {
      this.columns = {
        ...this.columns,
        point,
        pointOrder: this.columns.pointOrder === 'lon-lat' ? 'lat-lon' : 'lon-lat',
      }
      return this.look()
    }
    this.columns = { ...this.columns, lat: this.column('lon'), lon: this.column('lat') }
    this.look()
  }

  /** @returns brings back what was chosen before */
  clear(): () => void {
    const undo = this.#undo()
    this.files = []
    this.wishes = {}
    this.columns = {}
    this.preview.clear()
    return undo
  }

  #undo(): () => void {
    const { files, wishes, columns } = this
    return () => {
      // What was chosen since stays, and is read as it is now.
      const since = this.files.filter(({ path }) => !files.some((file) => file.path === path))
      if (since.length === 0) {
        this.wishes = wishes
        this.columns = columns
      }
      this.files = [...files, ...since]
      this.look()
    }
  }

  look(): void {
    const files = this.#previewed
    if (files.length === 0) return this.preview.clear()
    const columns = given(this.columns)
    void this.preview.refresh(() =>
      this.#connection.request('corpus.preview', {
        files,
        ...given(this.wishes),
        ...(Object.keys(columns).length > 0 ? { columns } : {}),
      }),
    )
  }

  /** The corpus section of the experiment that these choices make. */
  settings(): ExperimentInput['corpus'] & CorpusSettings {
    const of = (wanted: Fold) => this.files.filter(({ fold }) => fold === wanted).map(({ path }) => path)
    const [dev, test] = [of('dev'), of('test')]
    // What was guessed is written down for one file; others may have other columns.
    const columns = given(
      this.files.length === 1 ? { ...this.preview.value?.guessed, ...given(this.columns) } : this.columns,
    )
    return {
      train: of('train'),
      ...(dev.length ? { dev } : {}),
      ...(test.length ? { test } : {}),
      split: this.divide ? { ...this.split } : 'none',
      ...given(this.wishes),
      ...(Object.keys(columns).length > 0 ? { columns } : {}),
      coordinate: this.coordinate,
      duplicates: 'keep',
    }
  }
}

const given = <Value extends object>(value: Value) =>
  Object.fromEntries(Object.entries(value).filter(([, held]) => held !== undefined)) as Partial<Value>

/** The fold that a file's name speaks of; most are for training. */
function foldOf(path: string): Fold {
  const name = baseName(path).toLowerCase()
  if (/(^|[._-])(dev|valid|validation)([._-]|$)/.test(name)) return 'dev'
  return /(^|[._-])test([._-]|$)/.test(name) ? 'test' : 'train'
}

export const baseName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path

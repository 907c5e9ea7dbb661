import type { Prediction } from '#protocol/runs.ts'
import { addedColumns } from '#pure/addedColumns.ts'
import { csvText } from '#pure/csvText.ts'
import type { EngineConnection } from '../../state/engineConnection.ts'
import { toError } from '../../state/toError.ts'
import type { TextFile } from './textFile.ts'

type Guess = Pick<Prediction, 'lat' | 'lon' | 'label' | 'name' | 'probability'>

/** The texts of a file, asked about one after another; what is there is shown while the rest is on its way. */
export class TextBatch {
  readonly file: TextFile
  readonly run: string
  /** Of each row in turn; null for a row without a text. */
  guesses = $state.raw<readonly (Guess | null)[]>([])
  phase = $state<'running' | 'done' | 'stopped' | 'failed'>('running')
  error = $state.raw<Error | null>(null)
  readonly #connection: EngineConnection

  constructor(connection: EngineConnection, run: string, file: TextFile) {
    this.#connection = connection
    this.run = run
    this.file = file
  }

  /** Rows whose text the run has placed. */
  get placed(): number {
    return this.guesses.reduce((count, guess) => count + (guess ? 1 : 0), 0)
  }

  async go(): Promise<void> {
    const guesses: (Guess | null)[] = []
    // Drawing a long list anew at every text would cost more than the texts do.
    let shownMs = performance.now()
    const show = () => {
      this.guesses = guesses.slice()
      shownMs = performance.now()
    }
    try {
      for (const row of this.file.rows) {
        if (this.phase !== 'running') break
        const text = row[this.file.text]!
        guesses.push(text.trim() === '' ? null : await this.#guess(text))
        if (performance.now() - shownMs > 250) show()
      }
      if (this.phase === 'running') this.phase = 'done'
    } catch (error) {
      this.phase = 'failed'
      this.error = toError(error)
    }
    show()
  }

  stop(): void {
    if (this.phase === 'running') this.phase = 'stopped'
  }

  /** The file's own columns and the guesses, as `isogloss predict` writes them. */
  csv(): string {
    const own = ['lat', 'lon', 'label', 'name', 'probability'] as const
    return `${csvText([
      [...this.file.columns, ...addedColumns(this.file.columns, own)],
      ...this.guesses.map((guess, i) => [...this.file.rows[i]!, ...own.map((name) => guess?.[name] ?? null)]),
    ])}\n`
  }

  async #guess(text: string): Promise<Guess> {
    const { lat, lon, label, name, probability } = await this.#connection.request('run.predict', {
      run: this.run,
      text,
      explain: false,
    })
    return { lat, lon, label, name, probability }
  }
}

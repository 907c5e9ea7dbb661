import { EngineError } from '#protocol/errors.ts'
import type { Experiment, ExperimentInput } from '#protocol/experiment.ts'
import type { EngineConnection } from './engineConnection.ts'
import { toError } from './toError.ts'
import { lineOf, readYaml, withValue, type Path } from './yamlText.ts'

export interface Problem {
  /** Where in the experiment, with dots; empty for the whole. */
  path: string
  message: string
  line: number | null
}

/** How long after the last key stroke the engine is asked what it thinks. */
const checkAfterMs = 250

/** The experiment that is being set up. The text is the experiment; the form reads it and writes into it. */
export class ExperimentDraft {
  text = $state('')
  savedText = $state('')
  problems = $state.raw<Problem[]>([])
  /** With every default filled in, of the last text that could be used. */
  effective = $state.raw<Experiment | null>(null)
  loading = $state(false)
  readonly #connection: EngineConnection
  readonly #failed: (error: unknown) => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #turn = 0
  #opened = 0

  /** @param failed hears why the text could not be checked while it is being written */
  constructor(connection: EngineConnection, failed: (error: unknown) => void) {
    this.#connection = connection
    this.#failed = failed
  }

  get dirty(): boolean {
    return this.text !== this.savedText
  }

  get state(): 'saved' | 'unsaved' | 'invalid' {
    if (this.problems.length > 0) return 'invalid'
    return this.dirty ? 'unsaved' : 'saved'
  }

  clear(): void {
    this.#turn++
    clearTimeout(this.#timer)
    this.text = this.savedText = ''
    this.problems = []
    this.effective = null
    this.loading = false
  }

  async open(name: string): Promise<void> {
    const turn = ++this.#turn
    const opened = ++this.#opened
    clearTimeout(this.#timer)
    this.loading = true
    try {
      const { yaml, experiment } = await this.#connection.request('experiment.read', { name })
      if (turn !== this.#turn) return
      this.text = this.savedText = yaml
      this.effective = experiment
      this.problems = []
    } finally {
      if (opened === this.#opened) this.loading = false
    }
  }

  write(text: string): void {
    this.text = text
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.check().catch(this.#failed), checkAfterMs)
  }

  /** One setting of the form; undefined leaves it to its default. */
  set(path: Path, value: unknown): void {
    this.write(withValue(this.text, path, value))
  }

  problemAt(path: string): Problem | null {
    return this.problems.find((problem) => problem.path === path) ?? null
  }

  /** Asks the engine whether the text can be used, and what it means with the defaults. */
  async check(): Promise<boolean> {
    clearTimeout(this.#timer)
    const turn = ++this.#turn
    const read = readYaml(this.text)
    if ('problem' in read) {
      this.problems = [{ path: '', message: read.problem, line: read.line }]
      return false
    }
    try {
      const { experiment } = await this.#connection.request('experiment.complete', {
        input: read.value as ExperimentInput,
      })
      if (turn !== this.#turn) return false
      this.effective = experiment
      this.problems = []
      return true
    } catch (thrown) {
      const error = toError(thrown)
      if (!error.code.startsWith('experiment/')) throw error
      if (turn === this.#turn) this.problems = problemsOf(error, this.text)
      return false
    }
  }

  /**
   * Writes the experiment into the project and reads back what was written.
   * @throws EngineError 'experiment/invalid', or what the disk says
   */
  async save(): Promise<string> {
    if (!(await this.check())) {
      throw new EngineError(
        'experiment/invalid',
        `The experiment cannot be saved yet. ${this.problems[0]?.message ?? 'It has just been changed; save again.'}`,
      )
    }
    const { name } = await this.#connection.request('experiment.save', { yaml: this.text })
    await this.open(name)
    return name
  }
}

/** The engine's one message, taken apart into the places that it is about. */
function problemsOf(error: EngineError, text: string): Problem[] {
  const line = (path: string) => lineOf(text, path.split('.'))
  const several = error.data?.['problems'] as { path: string; message: string }[] | undefined
  if (several?.length === 1 && several[0])
    return [{ path: several[0].path, message: error.message, line: line(several[0].path) }]
  if (several) return several.map(({ path, message }) => ({ path, message, line: line(path) }))
  const path = error.data?.['path']
  return [
    {
      path: typeof path === 'string' ? path : '',
      message: error.message,
      line: typeof path === 'string' ? line(path) : null,
    },
  ]
}

import { vi } from 'vitest'
import type { ErrorReport } from '#protocol/errors.ts'
import {
  enginePortMessage,
  type Bridge,
  type ShellCalls,
  type ShellNews,
  type ShellNewsName,
  type StartState,
} from '#protocol/shell.ts'
import { realEngine } from './engines.ts'

/**
 * The page's surroundings for tests of its state: what the shell answers, and the real engine behind a message channel, as
 * `main` hands it over. Of the page itself only what the state classes touch is there; nothing is drawn.
 */
export class TestShell {
  start: Partial<StartState> = {}
  /** What a person chooses in the system's dialogues. */
  folder: string | null = null
  files: string[] = []
  /** The title of the job that the shell was told of. */
  job: string | null = null
  recent: string[] = []
  readonly #news: { [Name in ShellNewsName]?: (news: ShellNews[Name]) => void } = {}
  readonly #messages: ((event: object) => void)[] = []
  #stopEngine: () => Promise<void> = () => Promise.resolve()

  constructor() {
    vi.stubGlobal('window', {
      isogloss: this.#bridge,
      addEventListener: (_name: 'message', listener: (event: object) => void) => this.#messages.push(listener),
    })
    vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
    vi.stubGlobal('requestAnimationFrame', () => 0)
  }

  readonly #answers: { [Name in keyof ShellCalls]: (params: ShellCalls[Name][0]) => ShellCalls[Name][1] } = {
    start: () => ({
      version: '0',
      electron: '0',
      platform: 'linux',
      theme: 'light',
      inspectorOpen: true,
      recentProjects: [],
      project: null,
      resume: false,
      ...this.start,
    }),
    connectEngine: () => this.#connect(),
    restartEngine: () => {
      void this.#stopEngine()
      return this.#connect()
    },
    chooseFolder: () => this.folder,
    freshFolder: (name) => `${this.folder}/${name}`,
    chooseFiles: () => this.files,
    chooseSave: () => this.files[0] ?? null,
    copyText: () => null,
    savePdf: () => null,
    rememberProject: (directory) => (this.recent = directory === null ? this.recent : [directory, ...this.recent]),
    rememberTheme: () => null,
    rememberInspector: () => null,
    jobRuns: (title) => {
      this.job = title
      return null
    },
    showInFolder: () => null,
    openHelp: () => null,
  }

  get #bridge(): Bridge {
    return {
      call: (name, params) => Promise.resolve(this.#answers[name](params)),
      on: (name, listener) => Object.assign(this.#news, { [name]: listener }),
      pathOf: () => Promise.resolve(''),
    }
  }

  /** The engine's process ends in the middle of whatever it does; the shell starts another unless it gives up. */
  async killEngine(restarting = true): Promise<void> {
    await this.#stopEngine()
    const report: ErrorReport = { code: 'engine/stopped', message: 'The engine stopped.', data: { lastWords: '' } }
    this.#news.engineStopped?.({ report, restarting })
  }

  async stop(): Promise<void> {
    await this.#stopEngine()
    vi.unstubAllGlobals()
  }

  #connect(): null {
    const { port, stop } = realEngine()
    this.#stopEngine = stop
    for (const listener of this.#messages) listener({ source: window, data: enginePortMessage, ports: [port] })
    return null
  }
}

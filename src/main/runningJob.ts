import { app, dialog, powerSaveBlocker, type BrowserWindow } from 'electron'
import type { Settings } from './settings.ts'

/** What a running job asks of the shell: the machine stays awake, and a quit asks first. */
export class RunningJob {
  #title: string | null = null
  #blocker: number | null = null
  #mayQuit = false
  #asking = false
  readonly #settings: Settings

  constructor(settings: Settings) {
    this.#settings = settings
  }

  /** The page says what runs, or that nothing does. */
  set(title: string | null): void {
    this.#title = title
    if (title && this.#blocker === null) this.#blocker = powerSaveBlocker.start('prevent-app-suspension')
    if (!title && this.#blocker !== null) {
      powerSaveBlocker.stop(this.#blocker)
      this.#blocker = null
    }
  }

  /** Holds the window's closing and the program's quit back while a job runs, until the person has decided. */
  guard(window: BrowserWindow): void {
    window.on('close', (event) => this.#hold(event, window))
    app.on('before-quit', (event) => this.#hold(event, window))
  }

  #hold(event: { preventDefault(): void }, window: BrowserWindow) {
    if (!this.#title || this.#mayQuit) return
    event.preventDefault()
    if (!this.#asking) void this.#ask(window, this.#title)
  }

  async #ask(window: BrowserWindow, title: string) {
    this.#asking = true
    const { response } = await dialog.showMessageBox(window, {
      type: 'question',
      title: 'Isogloss',
      message: 'A job is running. Quit all the same?',
      detail: `${title}\n\nFinished steps and the last checkpoint are kept. The job goes on from there at the next start.`,
      buttons: ['Keep working', 'Quit and resume at the next start'],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    })
    this.#asking = false
    if (response !== 1) return
    this.#settings.set('resume', true)
    this.#mayQuit = true
    app.quit()
  }
}

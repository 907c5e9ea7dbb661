import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'
import Store from 'electron-store'
import type { ErrorReport } from '#protocol/errors.ts'
import { readSettings, type ReadSettings, type Remembered } from './settingsFile.ts'

const mostRecent = 8

/** The settings in the user's profile; where they cannot be kept they last until the end of the program. */
export class Settings {
  readonly #values: ReadSettings['values']
  #store: Store<Record<string, unknown>> | null = null
  readonly #tell: (report: ErrorReport) => void
  /** Chosen while no project was open: they are those of the next one. */
  #early: string[] = []

  /** @param tell hears of settings that could not be used or kept */
  constructor(tell: (report: ErrorReport) => void) {
    this.#tell = tell
    const { values, problem } = readSettings(join(app.getPath('userData'), 'window.json'))
    this.#values = values
    if (problem) tell(problem)
    this.#keep(() => {
      this.#store = new Store<Record<string, unknown>>({ name: 'window', clearInvalidConfig: true, defaults: values })
    })
  }

  get<Key extends keyof Remembered>(key: Key): Remembered[Key] {
    return this.#values[key]
  }

  set<Key extends keyof Remembered>(key: Key, value: Remembered[Key]): void {
    Object.assign(this.#values, { [key]: value })
    this.#keep(() => this.#store?.set(key, value))
  }

  /** Projects opened lately, newest first, that are still there. */
  recentProjects(): string[] {
    return this.get('recentProjects').filter(isProject)
  }

  rememberProject(directory: string | null): string[] {
    this.set('lastProject', directory)
    if (directory) this.rememberFiles(this.#early.splice(0))
    if (directory) {
      const others = this.get('recentProjects').filter((known) => known !== directory)
      const recent = [directory, ...others].slice(0, mostRecent)
      this.set('recentProjects', recent)
      this.set(
        'chosenFiles',
        Object.fromEntries(Object.entries(this.get('chosenFiles')).filter(([project]) => recent.includes(project))),
      )
    }
    return this.recentProjects()
  }

  /** Files that the person chose for the open project. They are kept here, since others may write to a project's folder. */
  rememberFiles(paths: string[]): void {
    const project = this.get('lastProject')
    if (project === null) {
      this.#early.push(...paths)
      return
    }
    if (paths.length === 0) return
    const known = this.get('chosenFiles')
    this.set('chosenFiles', { ...known, [project]: [...new Set([...(known[project] ?? []), ...paths])] })
  }

  /** Everything that the person chose in earlier sessions and may name again. */
  chosenPaths(): string[] {
    const last = this.get('lastProject')
    return [
      ...this.get('recentProjects'),
      ...(last === null ? [] : [last]),
      ...Object.values(this.get('chosenFiles')).flat(),
    ]
  }

  /** A profile that cannot be written is told of once. */
  #keep(write: () => void) {
    try {
      write()
    } catch (error) {
      this.#store = null
      this.#tell({
        code: 'settings/not-kept',
        message: `The window's settings cannot be kept: ${(error as Error).message}. They last until Isogloss ends; projects are not concerned.`,
      })
    }
  }
}

export const isProject = (directory: string): boolean => existsSync(join(directory, 'project.json'))

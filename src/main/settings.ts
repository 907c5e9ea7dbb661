import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Store from 'electron-store'
import type { Rectangle } from 'electron'
import type { Theme } from '#protocol/shell.ts'

/** What the window remembers from one start to the next. */
interface Remembered {
  theme: Theme
  inspectorOpen: boolean
  bounds: Rectangle | null
  maximised: boolean
  recentProjects: string[]
  lastProject: string | null
  /** A quit in the middle of a job promised to go on with it. */
  resume: boolean
}

const mostRecent = 8

/** The settings file in the user's profile; one that cannot be read starts afresh. */
export class Settings {
  readonly #store = new Store<Remembered>({
    name: 'window',
    clearInvalidConfig: true,
    defaults: {
      theme: 'system',
      inspectorOpen: true,
      bounds: null,
      maximised: false,
      recentProjects: [],
      lastProject: null,
      resume: false,
    },
  })

  get<Key extends keyof Remembered>(key: Key): Remembered[Key] {
    return this.#store.get(key)
  }

  set<Key extends keyof Remembered>(key: Key, value: Remembered[Key]): void {
    this.#store.set(key, value)
  }

  /** Projects opened lately, newest first, that are still there. */
  recentProjects(): string[] {
    return this.get('recentProjects').filter(isProject)
  }

  rememberProject(directory: string | null): string[] {
    this.set('lastProject', directory)
    if (directory) {
      const others = this.get('recentProjects').filter((known) => known !== directory)
      this.set('recentProjects', [directory, ...others].slice(0, mostRecent))
    }
    return this.recentProjects()
  }
}

export const isProject = (directory: string): boolean => existsSync(join(directory, 'project.json'))

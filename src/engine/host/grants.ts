import { dirname, resolve } from 'node:path'
import { EngineError } from '#protocol/errors.ts'
import { cldfFiles, isCldf } from '#engine/corpus/import/survey/cldf.ts'
import { liesIn, realPlace } from '#engine/files/containment.ts'

/**
 * Which paths a client may have read and written. The command line is the person: it may name any. A page may name what is in
 * the open project, and beside that the files and folders that the shell says the person chose. Every path counts as what its
 * links lead to.
 */
export class Grants {
  readonly #any: boolean
  readonly #places = new Set<string>()
  /** What was granted counts before anything is checked that was asked after it. */
  #added = Promise.resolve()

  private constructor(any: boolean) {
    this.#any = any
  }

  static everything(): Grants {
    return new Grants(true)
  }

  static nothing(): Grants {
    return new Grants(false)
  }

  /** A file, or a folder itself without what is in it; one that does not exist yet may be made. */
  add(paths: string[]): Promise<void> {
    this.#added = this.#added.then(async () => {
      for (const path of paths) {
        const place = await placeOf(path)
        if (place !== null) this.#places.add(place)
      }
    })
    return this.#added
  }

  /**
   * @param project folder of the open project, null where none is open
   * @throws EngineError 'path/not-granted'; it tells nothing of what is there
   */
  async check(path: string, project: string | null): Promise<void> {
    if (this.#any) return
    await this.#added
    const place = await placeOf(path)
    if (place === null || !(await this.#holds(place, project))) throw notGranted(path)
    // A CLDF dataset is chosen by its description: its tables are meant, too, where they really lie beside it.
    if (!(await isCldf(place))) return
    for (const table of await cldfFiles(place)) {
      const lies = await placeOf(table)
      if (lies === null || !(liesIn(dirname(place), lies) || (await this.#holds(lies, project))))
        throw notGranted(table)
    }
  }

  async #holds(place: string, project: string | null): Promise<boolean> {
    if (this.#places.has(place)) return true
    // A Shapefile is chosen by its .shp: what lies beside that under its name is meant, too.
    const shp = /\.(?:dbf|prj|cpg)$/i.test(place) ? place.slice(0, -3) : null
    if (shp !== null && ['shp', 'SHP'].some((ending) => this.#places.has(shp + ending))) return true
    const home = project === null ? null : await placeOf(project)
    return home !== null && liesIn(home, place)
  }
}

const notGranted = (path: string) =>
  new EngineError(
    'path/not-granted',
    `${path} lies outside of the open project and was not chosen in this window, so it was not touched (a link counts as what it leads to). Choose it in the window's dialogue or drop it on the window, then try again.`,
    { path },
  )

/** Null for what no path leads to: links in a circle, a folder that may not be entered, a name that no file can have. */
const placeOf = (path: string): Promise<string | null> => realPlace(resolve(path)).catch(() => null)

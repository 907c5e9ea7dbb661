import type { PlacesOfNames } from '#protocol/methods.ts'
import { bridge } from './bridge.ts'
import { baseName } from './importState.svelte.ts'
import type { Workbench } from './workbench.svelte.ts'

/** Enough authors that their words have a geography, few enough that they are invented while one looks. */
const sampleAuthors = 1000

/** How the file of place names begins, and so the corpus is called: of names it is the endings that tell. */
export const placeNamesFile = 'place-names-'

/** A project of its own in the person's documents: who only wants to look is asked for no folder. */
async function freshProject(workbench: Workbench, name: string): Promise<boolean> {
  const directory = await bridge.call('freshFolder', name)
  await workbench.openProject(directory, { create: true })
  return workbench.project.view?.directory === directory
}

/** From an empty window to the map of a word: the sample is made, imported, and its words are ranked. */
export async function exploreSample(workbench: Workbench): Promise<void> {
  const { importing, navigation } = workbench
  if (!(await freshProject(workbench, 'Synthetic sample'))) return
  navigation.go('explore')
  await workbench.makeSample(sampleAuthors)
  if (importing.files.length === 0) return
  await workbench.importCorpus()
  if (workbench.project.view?.corpora.length) navigation.go('explore')
}

/**
 * From an empty window to where the names of the places of a country or a rectangle end in what: real isoglosses, with no file of one's own.
 * @param title of the country; a rectangle has none
 */
export async function explorePlaceNames(workbench: Workbench, of: PlacesOfNames, title = 'of a box'): Promise<void> {
  const { importing, navigation, engine, notices } = workbench
  if (!(await freshProject(workbench, `Place names ${title}`))) return
  navigation.go('explore')
  const file = `${workbench.project.view!.directory}/${placeNamesFile}${'country' in of ? of.country : 'box'}.csv`
  try {
    await engine.connection.request('sample.placeNames', { file, of })
  } catch (error) {
    notices.error('The place names were not written', error)
    return
  }
  importing.clear()
  importing.add([file])
  await workbench.importCorpus()
}

/** Files that were chosen or dropped: what they were taken for is shown before anything is imported. */
export async function exploreFiles(workbench: Workbench, paths: string[]): Promise<void> {
  const [first] = paths
  if (first === undefined) return
  if (!workbench.project.view) {
    const name = baseName(first).replace(/(\.[A-Za-z0-9]{1,8}){1,2}$/, '')
    if (!(await freshProject(workbench, name))) return
  }
  workbench.importing.add(paths)
  workbench.navigation.go('corpus')
}

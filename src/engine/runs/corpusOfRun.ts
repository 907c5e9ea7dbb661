import type { ArtefactStore } from './artefactStore.ts'
import type { ArtefactKind } from './manifest.ts'

/** Keys of a recipe that lead to its corpus, the nearest first. */
const ways = ['labels', 'vocabulary', 'embedding'] as const satisfies ArtefactKind[]

/** The corpus behind a run, by the recipes from the run back: every artefact names what it was made from. */
export async function corpusOfRun(store: Pick<ArtefactStore, 'manifest'>, run: string): Promise<string> {
  let [kind, id]: [ArtefactKind, string] = ['run', run]
  for (;;) {
    const recipe = (await store.manifest(kind, id)).recipe as Partial<Record<'corpus' | (typeof ways)[number], string>>
    if (recipe.corpus !== undefined) return recipe.corpus
    const way = ways.find((key) => recipe[key] !== undefined)
    if (way === undefined) throw new Error(`The recipe of ${kind} ${id} leads to no corpus.`)
    ;[kind, id] = [way, recipe[way]!]
  }
}

import type { PreprocessSettings } from '#protocol/experiment.ts'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'
import { stopWordsOf } from './stopWords.ts'
import { tokenise, type PlaceNames, type TokeniserResources } from './tokenise.ts'

/** Names of places of at least this many inhabitants are masked; smaller ones are mostly common words. */
const maskedPopulation = 15_000
const noNames: PlaceNames = { names: new Set(), longest: 0 }

/** Loads what a tokeniser of these settings needs. */
export async function tokeniserResources(
  settings: PreprocessSettings,
  tokenisation: 'text' | 'answers',
): Promise<TokeniserResources> {
  return {
    tokenisation,
    stopWords: stopWordsOf(settings.stopwords),
    placeNames: settings.placeNames === 'mask' ? await placeNames(settings) : noNames,
  }
}

/** Names are cut as texts are, so that they are found there. */
async function placeNames(settings: PreprocessSettings): Promise<PlaceNames> {
  const names = new Set<string>()
  let longest = 0
  for (const name of (await loadGazetteer(maskedPopulation)).names) {
    const words = tokenise(name, settings, { tokenisation: 'text', stopWords: new Set(), placeNames: noNames }).tokens
    if (words.length === 0) continue
    names.add(words.join(' ').toLowerCase())
    longest = Math.max(longest, words.length)
  }
  return { names, longest }
}

import type { PreprocessSettings } from '#protocol/experiment.ts'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'
import { stopWordsOf } from './stopWords.ts'
import type { PlaceNames, TokeniserResources } from './tokenise.ts'

/** Names of places of at least this many inhabitants are masked; smaller ones are mostly common words. */
const maskedPopulation = 15_000

/** Loads what a tokeniser of these settings needs. */
export async function tokeniserResources(settings: PreprocessSettings, tokenisation: 'text' | 'answers'): Promise<TokeniserResources> {
  return {
    tokenisation,
    stopWords: stopWordsOf(settings.stopwords),
    placeNames: settings.placeNames === 'mask' ? await placeNames() : { names: new Set(), longest: 0 },
  }
}

async function placeNames(): Promise<PlaceNames> {
  const names = new Set<string>()
  let longest = 0
  for (const name of (await loadGazetteer(maskedPopulation)).names) {
    const words = name.toLowerCase().match(/[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*/gu) ?? []
    if (words.length === 0) continue
    names.add(words.join(' '))
    longest = Math.max(longest, words.length)
  }
  return { names, longest }
}

import { tokenise } from '#engine/corpus/text/tokenise.ts'
import { loadGazetteer } from '#engine/gazetteer/gazetteer.ts'
import { cityFinder } from '#engine/gazetteer/nearestCity.ts'
import type { Points } from '#engine/geo/points.ts'
import { tokenSettings } from '../tokens/tokenSettings.ts'

export type WordKind = 'word' | 'mention' | 'hashtag' | 'name'

/** Names of smaller places are mostly common words. */
const namesPopulation = 15_000

/** Tells what a word is; names are those of places. In a survey every answer is a word. */
export async function wordKinds(tokenisation: 'text' | 'answers'): Promise<(word: string) => WordKind> {
  if (tokenisation === 'answers') return () => 'word'
  const resources = {
    tokenisation,
    stopWords: new Set<string>(),
    placeNames: { names: new Set<string>(), longest: 0 },
  }
  const names = new Set<string>()
  for (const name of (await loadGazetteer(namesPopulation)).names) {
    const { tokens } = tokenise(name, tokenSettings, resources)
    if (tokens.length === 1) names.add(tokens[0]!)
  }
  return (word) =>
    word.startsWith('@') ? 'mention' : word.startsWith('#') ? 'hashtag' : names.has(word) ? 'name' : 'word'
}

/** What is hidden until it is asked for: it fills the top of every such list. */
const hidden: Partial<Record<WordKind, 'mentions' | 'hashtags' | 'names'>> = {
  mention: 'mentions',
  hashtag: 'hashtags',
  name: 'names',
}

/** Whether a word takes part, by its kind. */
export const wantedWords =
  (kindOf: (word: string) => WordKind, include: ('mentions' | 'hashtags' | 'names')[]) =>
  (word: string): boolean => {
    const asKind = hidden[kindOf(word)]
    return asKind === undefined || include.includes(asKind)
  }

/** The name of the city that is nearest to each place. */
export async function citiesAt(places: Points): Promise<string[]> {
  const gazetteer = await loadGazetteer(namesPopulation)
  return Array.from(cityFinder(gazetteer)(places), (city) => gazetteer.names[city]!)
}

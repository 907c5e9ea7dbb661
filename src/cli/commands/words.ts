import type { WordsAnswer } from '#protocol/explorer.ts'
import { printResult, textTable } from '../output.ts'
import { ask, type QuestionOptions } from './questionOptions.ts'

type Included = 'mentions' | 'hashtags' | 'names'

export interface WordsOptions extends QuestionOptions {
  units: 'words' | 'endings' | 'beginnings'
  minInformants: number
  maxQ: number
  top: number
  include?: Included[]
}

/** `words`: which words are regional. */
export async function regionalWords(options: WordsOptions): Promise<void> {
  const { units, minInformants, maxQ, top, include } = options
  const answer = await ask(options, { kind: 'words', units, minInformants, maxQ, top, include })
  printResult(options, answer, () => wordsText(answer))
}

function wordsText({ informants, tested, words }: WordsAnswer): string {
  const small = (p: number | null) => (p === null ? '-' : p < 0.001 ? '<.001' : p.toFixed(3))
  const rows = words.map(({ word, informants: users, sites, sizeAtLeast, q, pSites, fewSites, home, ratioAtHome }) => [
    word,
    String(users),
    String(sites),
    sizeAtLeast.toPrecision(2),
    small(q),
    `${small(pSites)}${fewSites ? ' few sites' : ''}`,
    home.city ?? `${home.lat.toFixed(1)}, ${home.lon.toFixed(1)}`,
    `${ratioAtHome.value.toFixed(1)} (${ratioAtHome.interval.map((end) => end.toFixed(1)).join(' to ')})`,
  ])
  return [
    textTable([['word', 'informants', 'sites', 'size at least', 'q', 'p by site', 'home', 'times the rest'], ...rows]),
    `${words.length} of ${tested} words tested, used by ${informants} informants.`,
  ].join('\n')
}

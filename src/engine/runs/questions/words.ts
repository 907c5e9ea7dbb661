import type { RegionalWord } from '#protocol/explorer.ts'
import { siteOfInformants } from '#engine/explorer/counting/countVariants.ts'
import { documentFilter } from '#engine/explorer/counting/documentFilter.ts'
import { rankUnits } from '#engine/explorer/ranking/rankUnits.ts'
import { unitUsers } from '#engine/explorer/ranking/unitUsers.ts'
import { citiesAt, wantedWords, wordKinds } from '#engine/explorer/ranking/wordKinds.ts'
import type { QuestionMethod } from './question.ts'

/** Which words, endings or beginnings are regional. */
export const words: QuestionMethod<'words'> = {
  version: 3,

  async answer({ units, minInformants, maxQ, top, include, where, seed }, { corpus, tokens }, context) {
    const kindOf = await wordKinds(tokens.tokenisation)
    const isWanted = wantedWords(kindOf, include)
    const documents = await documentFilter(corpus, tokens, where)
    const used = await unitUsers(tokens, { units, minInformants, documents, isWanted }, context)
    const { tested, units: ranked } = await rankUnits(
      { sites: tokens.places, siteOf: siteOfInformants(tokens), isSurvey: tokens.tokenisation === 'answers' },
      used,
      { maxQ, top, seed },
      context,
    )
    const cities = await citiesAt({
      lat: Float64Array.from(ranked, ({ home }) => home.lat),
      lon: Float64Array.from(ranked, ({ home }) => home.lon),
    })
    return {
      informants: used.lengths.reduce((count, length) => count + (length > 0 ? 1 : 0), 0),
      tested,
      words: ranked.map(({ name, home, ...unit }, i): RegionalWord => ({
        word: name,
        kind: units === 'words' ? kindOf(name) : units === 'endings' ? 'ending' : 'beginning',
        ...unit,
        home: { lat: home.lat, lon: home.lon, city: cities[i]! },
        ratioAtHome: home.ratio,
      })),
    }
  },
}

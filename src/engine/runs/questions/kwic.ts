import type { KwicLine } from '#protocol/explorer.ts'
import { tokenise, type TokeniserResources } from '#engine/corpus/text/tokenise.ts'
import { documentFilter } from '#engine/explorer/counting/documentFilter.ts'
import { scanHits, type Hit } from '#engine/explorer/counting/scanHits.ts'
import { matchVariant } from '#engine/explorer/patterns/matchWords.ts'
import { parseVariant } from '#engine/explorer/patterns/parseVariant.ts'
import { documentHash } from '#engine/explorer/variables/documentHash.ts'
import { tokenSettings } from '#engine/explorer/tokens/tokenSettings.ts'
import { damagedFile } from '#engine/files/artefactFile.ts'
import { siteOfInformants } from '#engine/explorer/counting/countVariants.ts'
import type { QuestionMethod } from './question.ts'

/** Of so many hits, from the south on, lines are made and sorted. */
const mostLines = 20_000

/** Key word in context: the concordance of a pattern. All documents are shown, repeated ones too. */
export const kwic: QuestionMethod<'kwic'> = {
  version: 2,

  async answer({ pattern, context: width, limit, sort, where }, { corpus, tokens }, context) {
    const variant = await matchVariant(parseVariant(pattern, tokens.tokenisation), tokens.words, context)
    const documents = await documentFilter(corpus, tokens, where)
    const found: Hit[] = []
    let [hits, informants, last] = [0, 0, -1]
    await scanHits(
      tokens,
      [variant],
      (hit) => {
        if (documents && !documents[hit.document]) return
        hits++
        if (hit.informant !== last) informants++
        last = hit.informant
        if (found.length < mostLines) found.push({ ...hit })
      },
      context,
    )
    const chosen = sort === 'place' ? found.slice(0, limit) : found
    const rows = Int32Array.from(new Set(chosen.map(({ document }) => tokens.rows[document]!))).sort()
    const texts = new Map((await corpus.documentsAt(rows)).map((document) => [document.row, document]))
    const siteOf = siteOfInformants(tokens)
    const resources: TokeniserResources = {
      tokenisation: tokens.tokenisation,
      stopWords: new Set(),
      placeNames: { names: new Set(), longest: 0 },
    }
    const lines = chosen.map((hit): KwicLine & { key: string[] } => {
      const { row, author, text, columns } = texts.get(tokens.rows[hit.document]!)!
      const { tokens: words, spans } = tokenise(text, tokenSettings, resources)
      const first = hit.token - tokens.offsets[hit.document]!
      const end = first + hit.length
      if (end > words.length) throw damagedFile('tokens.npy', `document ${row} has fewer words than it says`)
      const [from, to] = [Math.max(0, first - width), Math.min(words.length, end + width)]
      const [start, stop] = [spans[2 * first]!, spans[2 * end - 1]!]
      const site = siteOf[hit.informant]!
      return {
        row,
        author,
        lat: tokens.places.lat[site]!,
        lon: tokens.places.lon[site]!,
        left: text.slice(spans[2 * from], start),
        hit: text.slice(start, stop),
        right: text.slice(stop, spans[2 * to - 1]),
        start,
        end: stop,
        document: documentHash(text),
        columns,
        key: sort === 'left' ? words.slice(from, first).reverse() : words.slice(end, to),
      }
    })
    if (sort !== 'place') lines.sort((a, b) => compareWords(a.key, b.key) || a.row - b.row || a.start - b.start)
    return { hits, informants, lines: lines.slice(0, limit).map(({ key: _key, ...line }) => line) }
  },
}

/** Word by word in the order of code points; what ends first comes first. */
function compareWords(a: string[], b: string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1
  return a.length - b.length
}

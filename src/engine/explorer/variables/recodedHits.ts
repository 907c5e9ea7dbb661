import type { Variable } from '#protocol/variables.ts'
import type { StageContext } from '#engine/context.ts'
import type { Corpus } from '#engine/corpus/corpusReader.ts'
import { tokenise, type TokeniserResources } from '#engine/corpus/text/tokenise.ts'
import { pause } from '#engine/pause.ts'
import type { Hit } from '../counting/scanHits.ts'
import type { CorpusTokens } from '../tokens/corpusTokens.ts'
import { tokenSettings } from '../tokens/tokenSettings.ts'
import { documentHash } from './documentHash.ts'

/**
 * What a person has said of single hits, as the counting takes it: the variant that a hit counts as, -1 for none. A hit is known
 * by its first word's place in a text of the same hash, in every document that has the text; undefined where nothing was said.
 */
export async function recodedHits(
  { excluded, recoded }: Variable,
  variants: string[],
  { corpus, tokens }: { corpus: Pick<Corpus, 'texts'>; tokens: CorpusTokens },
  context: StageContext,
): Promise<((hit: Readonly<Hit>) => number) | undefined> {
  if (excluded.length + recoded.length === 0) return undefined
  const said = new Map<string, Map<number, number>>()
  const say = (document: string, start: number, variant: number) => {
    const known = said.get(document)
    if (known) known.set(start, variant)
    else said.set(document, new Map([[start, variant]]))
  }
  for (const { document, start, to } of recoded) say(document, start, variants.indexOf(to))
  // Where both are said of a hit, it is out.
  for (const { document, start } of excluded) say(document, start, -1)
  const documentOfRow = new Map(Array.from(tokens.rows, (row, document) => [row, document]))
  const ofToken = new Map<number, number>()
  let row = 0
  for await (const texts of corpus.texts()) {
    await pause(context)
    for (const bytes of texts) {
      const document = documentOfRow.get(row++)
      const edits = document === undefined ? undefined : said.get(documentHash(bytes))
      if (edits === undefined) continue
      const { spans } = tokenise(Buffer.from(bytes).toString('utf8'), tokenSettings, resourcesOf(tokens))
      for (let i = 0; i < spans.length; i += 2) {
        const variant = edits.get(spans[i]!)
        if (variant !== undefined) ofToken.set(tokens.offsets[document!]! + i / 2, variant)
      }
    }
  }
  return (hit) => ofToken.get(hit.token) ?? hit.variant
}

const resourcesOf = ({ tokenisation }: CorpusTokens): TokeniserResources => ({
  tokenisation,
  stopWords: new Set(),
  placeNames: { names: new Set(), longest: 0 },
})

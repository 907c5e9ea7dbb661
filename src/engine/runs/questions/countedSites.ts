import type { Condition, VariantTotal } from '#protocol/explorer.ts'
import type { StageContext } from '#engine/context.ts'
import { countVariants, type CountedVariants } from '#engine/explorer/counting/countVariants.ts'
import { documentFilter } from '#engine/explorer/counting/documentFilter.ts'
import { matchVariant, type MatchedVariant } from '#engine/explorer/patterns/matchWords.ts'
import { parseVariant } from '#engine/explorer/patterns/parseVariant.ts'
import { recodedHits } from '#engine/explorer/variables/recodedHits.ts'
import type { AskedCorpus } from './question.ts'

/** The sites of a question about variants: one variant against everybody, several against each other. */
export interface CountedSites {
  counted: CountedVariants
  /** What the statistics of regions take: of one variant those who use it and those who do not. */
  sites: CountedVariants
  perVariant: VariantTotal[]
}

/** An item of a file is one whole; the commas of a pattern part items. */
const escapedItem = (item: string) => (/^\/.+\/$/su.test(item) ? item : item.replaceAll(',', '\\,'))

export async function countedSites(
  { variants, where, measure }: { variants: string[]; where: Condition[]; measure: 'share' | 'rate' },
  { corpus, tokens, variable }: AskedCorpus,
  context: StageContext,
): Promise<CountedSites> {
  const matched: MatchedVariant[] = []
  for (const name of variants) {
    // Of a variable the items stand in the file, under the variant's name.
    const text = variable ? variable.variants[name]!.map(escapedItem).join(',') : name
    const { items } = parseVariant(text, tokens.tokenisation)
    matched.push(await matchVariant({ name, items }, tokens.words, context))
  }
  const recode = variable ? await recodedHits(variable, variants, { corpus, tokens }, context) : undefined
  const documents = await documentFilter(corpus, tokens, where)
  const of = variants.length === 1 ? 'all' : 'variants'
  const counted = await countVariants(tokens, matched, { measure, several: 'shares', of, documents, recode }, context)
  const perVariant = counted.variants.map(({ name, informants, occurrences }) => ({
    variant: name,
    informants,
    occurrences,
  }))
  const [only] = counted.users
  const others = only!.map((users, site) => Math.max(0, counted.informants[site]! - users))
  return { counted, sites: of === 'all' ? { ...counted, users: [only!, others] } : counted, perVariant }
}

import type { Condition, VariantTotal } from '#protocol/explorer.ts'
import type { StageContext } from '#engine/context.ts'
import { countVariants, type CountedVariants } from '#engine/explorer/counting/countVariants.ts'
import { documentFilter } from '#engine/explorer/counting/documentFilter.ts'
import { matchVariant, type MatchedVariant } from '#engine/explorer/patterns/matchWords.ts'
import { parseVariant } from '#engine/explorer/patterns/parseVariant.ts'
import type { AskedCorpus } from './question.ts'

/** The sites of a question about variants: one variant against everybody, several against each other. */
export interface CountedSites {
  counted: CountedVariants
  /** What the statistics of regions take: of one variant those who use it and those who do not. */
  sites: CountedVariants
  perVariant: VariantTotal[]
}

export async function countedSites(
  { variants, where, measure }: { variants: string[]; where: Condition[]; measure: 'share' | 'rate' },
  { corpus, tokens }: AskedCorpus,
  context: StageContext,
): Promise<CountedSites> {
  const matched: MatchedVariant[] = []
  for (const text of variants)
    matched.push(await matchVariant(parseVariant(text, tokens.tokenisation), tokens.words, context))
  const documents = await documentFilter(corpus, tokens, where)
  const of = variants.length === 1 ? 'all' : 'variants'
  const counted = await countVariants(tokens, matched, { measure, several: 'shares', of, documents }, context)
  const perVariant = counted.variants.map(({ name, informants, occurrences }) => ({
    variant: name,
    informants,
    occurrences,
  }))
  const [only] = counted.users
  const others = only!.map((users, site) => Math.max(0, counted.informants[site]! - users))
  return { counted, sites: of === 'all' ? { ...counted, users: [only!, others] } : counted, perVariant }
}

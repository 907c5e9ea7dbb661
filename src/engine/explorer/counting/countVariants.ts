import type { StageContext } from '#engine/context.ts'
import type { VariantCounts } from '#engine/regions/sites.ts'
import type { MatchedVariant } from '../patterns/matchWords.ts'
import type { CorpusTokens } from '../tokens/corpusTokens.ts'
import { scanHits, type Hit } from './scanHits.ts'

export interface CountOptions {
  /**
   * What a site has of a variant. `share`: informants who use it, each by the shares of the tokens where it uses several;
   * `rate`: occurrences.
   */
  measure: 'share' | 'rate'
  /** How an informant counts who uses several variants: by the shares of the tokens, an equal part each, for each wholly, or not at all. */
  several: 'shares' | 'half' | 'both' | 'none'
  /**
   * Of what the counts are a part. `variants`: of those who use any of them (rate: of all occurrences); `all`: of everybody
   * (rate: of each thousand words).
   */
  of: 'variants' | 'all'
  /** Documents that count, by their number among the tokens; null for all. */
  documents: Uint8Array | null
  /** The variant that a hit counts as, or -1 for none: hits that were excluded or recoded by hand. */
  recode?: (hit: Readonly<Hit>) => number
}

/** Counts by site; `lat`, `lon`, `informants` and `users` are what the statistics of regions take. Sites where nobody counts are left out. */
export interface CountedVariants extends VariantCounts {
  variants: { name: string; informants: number; occurrences: number }[]
  /** Informants whom the counts are about, and those who use several variants. */
  informantCount: number
  severalCount: number
  /** Of each counted site its number among all sites. */
  siteNumbers: Int32Array
}

/**
 * Counts variants by site in one scan over the tokens. What an informant says again in a document of the same words does
 * not count again.
 * @throws EngineError 'explorer/variants-overlap', 'file/damaged'
 */
export async function countVariants(
  tokens: CorpusTokens,
  variants: MatchedVariant[],
  options: CountOptions,
  context: StageContext,
): Promise<CountedVariants> {
  const sums = new SiteSums(tokens, variants.length, options)
  const { isRepeated } = tokens
  const { documents, recode } = options
  await scanHits(
    tokens,
    variants,
    (hit) => {
      if (isRepeated[hit.document] || (documents && !documents[hit.document])) return
      const variant = recode ? recode(hit) : hit.variant
      if (variant >= 0) sums.add(hit.informant, variant)
    },
    context,
  )
  return sums.finish(variants)
}

class SiteSums {
  readonly #tokens: CorpusTokens
  readonly #options: CountOptions
  readonly #users: Float64Array[]
  readonly #informants: Float64Array
  readonly #siteOf: Int32Array
  readonly #totals: { informants: number; occurrences: number }[]
  /** Occurrences of each variant with the informant that is being read. */
  readonly #own: Float64Array
  #informant = -1
  #informantCount = 0
  #severalCount = 0

  constructor(tokens: CorpusTokens, variants: number, options: CountOptions) {
    const sites = tokens.places.lat.length
    this.#tokens = tokens
    this.#options = options
    this.#users = Array.from({ length: variants }, () => new Float64Array(sites))
    this.#informants = new Float64Array(sites)
    this.#siteOf = siteOfInformants(tokens)
    this.#totals = Array.from({ length: variants }, () => ({ informants: 0, occurrences: 0 }))
    this.#own = new Float64Array(variants)
  }

  add(informant: number, variant: number): void {
    if (informant !== this.#informant) {
      this.#flush()
      this.#informant = informant
    }
    this.#own[variant]!++
  }

  #flush(): void {
    if (this.#informant < 0) return
    const { measure, several, of } = this.#options
    const site = this.#siteOf[this.#informant]!
    let [used, sum] = [0, 0]
    for (const occurrences of this.#own) {
      sum += occurrences
      if (occurrences > 0) used++
    }
    if (used > 1) this.#severalCount++
    const counts = used > 0 && (used === 1 || several !== 'none')
    this.#own.forEach((occurrences, variant) => {
      if (occurrences === 0 || !counts) return
      this.#totals[variant]!.informants++
      this.#totals[variant]!.occurrences += occurrences
      const part = several === 'shares' ? occurrences / sum : several === 'half' ? 1 / used : 1
      const amount = measure === 'rate' ? occurrences : of === 'all' ? 1 : part
      this.#users[variant]![site]! += amount
      if (of === 'variants') this.#informants[site]! += amount
    })
    if (of === 'variants' && counts) this.#informantCount++
    this.#own.fill(0)
  }

  finish(variants: MatchedVariant[]): CountedVariants {
    this.#flush()
    if (this.#options.of === 'all') this.#countEverybody()
    const { lat, lon } = this.#tokens.places
    const kept: number[] = []
    this.#informants.forEach((informants, site) => {
      if (informants > 0) kept.push(site)
    })
    const at = (values: Float64Array) => Float64Array.from(kept, (site) => values[site]!)
    return {
      lat: at(lat),
      lon: at(lon),
      informants: at(this.#informants),
      users: this.#users.map(at),
      variants: variants.map(({ name }, i) => ({ name, ...this.#totals[i]! })),
      informantCount: this.#informantCount,
      severalCount: this.#severalCount,
      siteNumbers: Int32Array.from(kept),
    }
  }

  #countEverybody(): void {
    const { documentsOf, offsets, isRepeated } = this.#tokens
    const { documents, measure } = this.#options
    for (let informant = 0; informant + 1 < documentsOf.length; informant++) {
      let [present, words] = [false, 0]
      for (let document = documentsOf[informant]!; document < documentsOf[informant + 1]!; document++) {
        if (isRepeated[document] || (documents && !documents[document])) continue
        present = true
        words += offsets[document + 1]! - offsets[document]!
      }
      if (!present) continue
      this.#informantCount++
      this.#informants[this.#siteOf[informant]!]! += measure === 'rate' ? words / 1000 : 1
    }
  }
}

/** The site of each informant. */
export function siteOfInformants({ informantsAt }: Pick<CorpusTokens, 'informantsAt'>): Int32Array {
  const siteOf = new Int32Array(informantsAt.at(-1)!)
  for (let site = 0; site + 1 < informantsAt.length; site++)
    siteOf.fill(site, informantsAt[site]!, informantsAt[site + 1]!)
  return siteOf
}

import { EngineError } from '#protocol/errors.ts'
import type { StageContext } from '#engine/context.ts'
import type { MatchedVariant } from '../patterns/matchWords.ts'
import type { CorpusTokens } from '../tokens/corpusTokens.ts'

/** One occurrence of a variant. Documents and informants are numbered as the tokens have them. */
export interface Hit {
  variant: number
  /** Position of its first word among all tokens, and how many words it has. */
  token: number
  length: number
  document: number
  informant: number
}

/** No variant is named by a word alone that has no code; codes above are variants from 1 on. */
const noVariant = 0
/** More variants than this make no picture. */
const mostVariants = 250

interface Phrase {
  variant: number
  words: Set<number>[]
}

/**
 * Goes once through all tokens and visits each occurrence of each variant in order. Where items overlap the longest one
 * that begins first counts, and its words count for nothing else. One object is handed over again and again.
 * @throws EngineError 'explorer/variants-overlap' where two variants name the same
 */
export async function scanHits(
  tokens: CorpusTokens,
  variants: MatchedVariant[],
  visit: (hit: Readonly<Hit>) => void,
  context: StageContext,
): Promise<void> {
  const { codes, phrases, longest } = prepare(tokens, variants)
  const { offsets, documentsOf } = tokens
  const hit: Hit = { variant: 0, token: 0, length: 1, document: 0, informant: 0 }
  const advance = (token: number) => {
    while (offsets[hit.document + 1]! <= token) hit.document++
    while (documentsOf[hit.informant + 1]! <= hit.document) hit.informant++
  }
  /** Tokens before this one belong to a phrase that was found. */
  let taken = 0
  await tokens.scan(
    (ids, start, count) => {
      for (let i = nextNamed(codes, ids, 0, count); i < count; i = nextNamed(codes, ids, i + 1, count)) {
        const code = codes[ids[i]!]!
        const token = start + i
        if (token < taken) continue
        advance(token)
        hit.token = token
        hit.length = 1
        hit.variant = (code & 0xff) - 1
        if (code >= beginsPhrase) {
          const room = Math.min(ids.length - i, offsets[hit.document + 1]! - token)
          const found = phrases
            .get(ids[i]!)!
            .find(({ words }) => words.length <= room && words.every((may, k) => may.has(ids[i + k]!)))
          if (found) {
            hit.variant = found.variant
            hit.length = found.words.length
            taken = token + hit.length
          }
        }
        if (hit.variant >= 0) visit(hit)
      }
    },
    context,
    longest - 1,
  )
}

const beginsPhrase = 0x100

/** The first token from `from` on whose word a variant names, or `end`. Nearly all tokens pass here: a function of its own is compiled as a whole. */
function nextNamed(codes: Uint16Array, ids: Int32Array, from: number, end: number): number {
  let at = from
  while (at < end && codes[ids[at]!] === noVariant) at++
  return at
}

function prepare({ words }: CorpusTokens, variants: MatchedVariant[]) {
  if (variants.length > mostVariants)
    throw new EngineError(
      'explorer/too-many-variants',
      `There are ${variants.length} variants; at most ${mostVariants} are counted. Name fewer.`,
    )
  const codes = new Uint16Array(words.size)
  const phrases = new Map<number, Phrase[]>()
  let longest = 1
  for (const [variant, { name, items }] of variants.entries()) {
    for (const item of items) {
      const [first] = item.words
      if (item.words.length === 1) {
        for (const id of first!) {
          const known = codes[id]! & 0xff
          if (known !== noVariant && known !== variant + 1) {
            throw new EngineError(
              'explorer/variants-overlap',
              `The word "${words.text(id)}" belongs to "${variants[known - 1]!.name}" and to "${name}"; a word may belong to one variant. Take it out of one of them.`,
            )
          }
          codes[id] = (codes[id]! & beginsPhrase) | (variant + 1)
        }
        continue
      }
      longest = Math.max(longest, item.words.length)
      const phrase = { variant, words: item.words.map((ids) => new Set(ids)) }
      for (const id of first!) {
        codes[id]! |= beginsPhrase
        const known = phrases.get(id)
        if (known) known.push(phrase)
        else phrases.set(id, [phrase])
      }
    }
  }
  // The longest first; of equals the one that was named first.
  for (const found of phrases.values()) found.sort((a, b) => b.words.length - a.words.length)
  return { codes, phrases, longest }
}

import type { Explanation } from '#protocol/runs.ts'
import { tokenise, type TokeniserResources } from '#engine/corpus/text/tokenise.ts'
import { seededRandom } from '#engine/random.ts'
import { tokenSettings } from '../tokens/tokenSettings.ts'

/** What a word adds to a label's log-odds, over documents. */
export interface WordEffect {
  effect: number
  interval: [number, number]
  documents: number
}

/** In fewer documents a mean says nothing. */
const leastDocuments = 5
const resamples = 1000

/**
 * Effects of words, gathered from explanations of documents. An explanation gives spans of the text; a word has the parts of
 * them that lie in it, summed over its occurrences in a document.
 */
export class WordEffects {
  readonly #resources: TokeniserResources
  readonly #found = new Map<string, { informants: number[]; effects: number[] }>()

  constructor(tokenisation: 'text' | 'answers') {
    this.#resources = { tokenisation, stopWords: new Set(), placeNames: { names: new Set(), longest: 0 } }
  }

  /** @param informant whose document it is: intervals are over informants */
  add(text: string, informant: number, explanation: Explanation): void {
    const spans = spansOf(explanation)
    const { tokens, spans: places } = tokenise(text, tokenSettings, this.#resources)
    const ofDocument = new Map<string, number>()
    tokens.forEach((word, i) => {
      const effect = within(spans, places[2 * i]!, places[2 * i + 1]!)
      if (effect !== null) ofDocument.set(word, (ofDocument.get(word) ?? 0) + effect)
    })
    for (const [word, effect] of ofDocument) {
      const known = this.#found.get(word)
      if (known) {
        known.informants.push(informant)
        known.effects.push(effect)
      } else this.#found.set(word, { informants: [informant], effects: [effect] })
    }
  }

  /** Null where too few documents hold the word, or none of one more informant. */
  of(word: string, seed: number): WordEffect | null {
    const found = this.#found.get(word)
    if (!found || found.effects.length < leastDocuments) return null
    const { informants, effects } = found
    const sums = new Map<number, { sum: number; count: number }>()
    effects.forEach((effect, i) => {
      const own = sums.get(informants[i]!)
      if (own) {
        own.sum += effect
        own.count++
      } else sums.set(informants[i]!, { sum: effect, count: 1 })
    })
    const people = [...sums.values()]
    if (people.length < 2) return null
    const random = seededRandom(seed, 53)
    const means = Float64Array.from({ length: resamples }, () => {
      let [sum, count] = [0, 0]
      for (let i = 0; i < people.length; i++) {
        const drawn = people[random.below(people.length)]!
        sum += drawn.sum
        count += drawn.count
      }
      return sum / count
    }).sort()
    const at = (share: number) => means[Math.round(share * (resamples - 1))]!
    return {
      effect: effects.reduce((sum, effect) => sum + effect, 0) / effects.length,
      interval: [at(0.025), at(0.975)],
      documents: effects.length,
    }
  }
}

interface Span {
  start: number
  end: number
  value: number
}

/** Exact contributions where the method has them, else what taking words out takes away. */
function spansOf({ contributions, occlusion }: Explanation): Span[] {
  return contributions ?? (occlusion ?? []).map(({ start, end, change }) => ({ start, end, value: -change }))
}

/** The parts of spans between two offsets; null where none lies there: the model did not read the word. */
function within(spans: Span[], start: number, end: number): number | null {
  let sum: number | null = null
  for (const span of spans) {
    const shared = Math.min(end, span.end) - Math.max(start, span.start)
    if (shared > 0) sum = (sum ?? 0) + (span.value * shared) / (span.end - span.start)
  }
  return sum
}

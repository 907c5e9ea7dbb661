import type { PreprocessSettings } from '#protocol/experiment.ts'
import type { CountedTokens } from './countTokens.ts'
import { informationGainRatios } from './informationGainRatio.ts'
import { orderWords } from './orderWords.ts'

/** A word's code once the vocabulary is chosen: its number; or, from `firstRare` on, that of a rarer word; or `dropped`. */
export const firstRare = 0x80000000
export const dropped = 0xffffffff

export interface ChosenVocabulary {
  /** Kept words by falling count, then by code point. */
  kept: Uint32Array
  /** Ratio of each kept word; null where no cut was needed. */
  ratios: Float64Array | null
}

/** Place of each training document (element `row`) and -1 for others, and the number of places. */
export interface PlacesOfRows {
  of: Int32Array
  names: string[]
}

/**
 * Keeps the words that occur `minFrequency` times in training and, where these are more than `maxVocabulary`, those of
 * highest information gain ratio over places. Ties go by frequency, then by code point.
 */
export async function chooseVocabulary(
  { words, documents }: CountedTokens,
  { minFrequency, maxVocabulary }: PreprocessSettings,
  places: () => Promise<PlacesOfRows>,
  pause: (document: number) => Promise<void>,
): Promise<ChosenVocabulary> {
  const frequent = orderWords(
    words,
    words.select((id) => words.count(id) >= minFrequency),
  )
  if (frequent.length <= maxVocabulary) return { kept: frequent, ratios: null }
  const { of, names } = await places()
  words.setAllCodes(dropped)
  frequent.forEach((id, number) => words.setCode(id, number))
  const { codes } = words
  const { order, labelDocuments } = byPlace(of, names.length)
  let numbers = new Int32Array(1 << 12)
  const all = await informationGainRatios({
    wordCount: frequent.length,
    labelDocuments,
    each: (visit) =>
      documents.eachOf(
        order,
        (document, ids) => {
          if (ids.length > numbers.length) numbers = new Int32Array(2 * ids.length)
          let length = 0
          for (const id of ids) if (codes[id] !== dropped) numbers[length++] = codes[id]!
          visit(of[document]!, numbers, 0, length)
        },
        pause,
      ),
  })
  const best = orderWords(words, frequent, (index) => all[index]!).subarray(0, maxVocabulary)
  const kept = orderWords(words, best)
  return { kept, ratios: Float64Array.from(kept, (id) => all[codes[id]!]!) }
}

/** Documents that have a place, place by place, and how many each place has. */
function byPlace(of: Int32Array, placeCount: number): { order: Int32Array; labelDocuments: Float64Array } {
  const labelDocuments = new Float64Array(placeCount)
  for (const place of of) if (place >= 0) labelDocuments[place]!++
  const next = new Int32Array(placeCount + 1)
  for (let place = 0; place < placeCount; place++) next[place + 1] = next[place]! + labelDocuments[place]!
  const order = new Int32Array(next[placeCount]!)
  of.forEach((place, document) => {
    if (place >= 0) order[next[place]!++] = document
  })
  return { order, labelDocuments }
}
